package io.provision.steps.metallb;

import io.provision.model.NodeAddress;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which addresses somebody has, as a host hears.
 *
 * @param owners who has them: a link-layer address, or nothing where it is the host itself
 * @param isTold whether the host could ask, or had no reason to
 */
record TakenAddresses(Map<String, String> owners, boolean isTold) {

  /**
   * {@code look_taken_addresses PODS ADDRESS...}: asks for those that are on a network of this host
   * as if something was to be sent to them: a request by ARP or of neighbour discovery, which
   * whoever has the address answers, whatever its packet filter says. All go out at once, and once
   * more after a second. An entry of somebody's own in the table of neighbours is left alone, and
   * one that was made for this is taken out again. Where a speaker of MetalLB has been on the host
   * nobody is asked: it would be the one that answers.
   */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_taken_addresses",
          """
          for speaker in "$1"/metallb-system_speaker-*; do
            [ ! -e "$speaker" ] || {
              echo spoken=yes
              return 0
            }
          done
          shift
          orders=
          case $(ip neigh help 2>&1) in *' use '*) ;; *) return 0 ;; esac
          ways=$(printf 'route get %s\n' "$@" | ip -o -force -batch - 2>/dev/null | awk '
            $1 == "local" { print "own", $2; next }
            { device = ""
              for (i = 2; i < NF; i++) {
                if ($i == "via") next
                if ($i == "dev" && device == "") device = $(i + 1)
              }
              if ($1 ~ /^[0-9a-f.:]+$/ && device != "" && device != "lo") print "way", $1, device }')
          case $ways in
            *way*)
              orders=$({ ip -o neigh show 2>/dev/null | head -n 5000; printf '%s\n' "$ways"; } | awk '
                $1 == "way" {
                  is = state[$2 " " $3]
                  if (is == "STALE" || is == "DELAY") print "neigh change", $2, "dev", $3, "nud probe"
                  else if (is == "" || is == "FAILED" || is == "INCOMPLETE" || is == "NONE")
                    print "neigh replace", $2, "dev", $3, "nud none use"
                  next }
                $2 == "dev" { state[$1 " " $3] = $NF }')
              printf '%s\n' "$orders" | ip -force -batch - >/dev/null 2>&1
              sleep 2
              ;;
          esac
          heard=$(ip -o neigh show nud reachable 2>/dev/null | head -n 5000)
          # no look leaves anything behind: entries that were not there go again
          case $orders in
            *replace*)
              printf '%s\n' "$orders" | sed -n 's/^neigh replace \\(.*\\) nud none use$/neigh del \\1/p' |
                ip -force -batch - >/dev/null 2>&1
              ;;
          esac
          printf '%s\n%s\n' "$ways" "$heard" | awk '
            $1 == "own" { print "own=" $2; next }
            $1 == "way" { way[$2 " " $3] = 1; next }
            ($1 " " $3) in way && $4 == "lladdr" { print "taken=" $1 " " $5 }'
          echo asked=yes
          return 0\
          """);

  /** Its answer costs two seconds, and nothing that is repaired on a host changes it. */
  private record Asking() implements Kind<TakenAddresses> {
    @Override
    public ShellFunction function() {
      return LOOK;
    }

    @Override
    public boolean batched() {
      return false;
    }

    @Override
    public List<TakenAddresses> read(List<Question<TakenAddresses>> asked, Frame frame) {
      return List.of(TakenAddresses.read(frame));
    }

    @Override
    public boolean isVolatile() {
      return true;
    }

    @Override
    public boolean standsAlone() {
      return true;
    }
  }

  private static final Kind<TakenAddresses> KIND = new Asking();

  /** Where a kubelet has the logs of pods; others may not read them. */
  private static final String PODS = "/var/log/pods";

  /** Who has these. */
  static Question<TakenAddresses> among(List<String> addresses) {
    var arguments = Stream.concat(Stream.of(PODS), addresses.stream());
    return Question.of(KIND, arguments.toArray(String[]::new));
  }

  TakenAddresses {
    owners = Map.copyOf(owners);
  }

  static TakenAddresses read(Frame frame) {
    var owners = new TreeMap<String, String>();
    var told = false;
    for (var line : frame.output().split("\n")) {
      var words = line.split("[= ]");
      if (words.length == 2 && words[0].equals("own")) {
        numeric(words[1]).ifPresent(it -> owners.put(it.toString(), ""));
      } else if (words.length == 3 && words[0].equals("taken")) {
        numeric(words[1]).ifPresent(it -> owners.put(it.toString(), words[2]));
      }
      told |= line.equals("asked=yes") || line.equals("spoken=yes");
    }
    return new TakenAddresses(owners, told);
  }

  private static Optional<NodeAddress> numeric(String text) {
    try {
      return Optional.of(NodeAddress.parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
