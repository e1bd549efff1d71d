package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A file system without room, on a host and on the operator's side: what is full is said, nothing
 * is half done, and the same command goes on where there is room.
 */
@Tag("hosts")
class FullFileSystemTest {
  private static final String PLAYBOOK =
      """
      - name: files
        hosts: all
        steps:
          - file: { path: /srv/full/one, content: "%s" }
          - file: { path: /etc/after, content: after }
      """;

  private static final String FILL = "head -c 1M /dev/zero >%s/filler 2>/dev/null || :";

  /** Its name spaces keep the small file system from everybody else; $1 is where it is mounted. */
  private static final String FULL =
      """
      mount -t tmpfs -o size=64k,mode=700 tmpfs "$1" || exit 99
      mkdir -p "$1/state/provision/journal"
      chmod -R go= "$1"
      head -c 1M /dev/zero >"$1/filler" 2>/dev/null
      ! echo x >"$1/room" 2>/dev/null || exit 98
      rm -f "$1/room"
      """;

  @Test
  void whatIsFullOnAHostIsSaidAndTheSameCommandGoesOnWhereThereIsRoom() {
    try (var lab = Lab.of(1)) {
      var node = lab.node(1);
      lab.write("files.yml", PLAYBOOK.formatted("old"));
      lab.inventory("files.yml", Map.of());
      for (var at : new String[] {"/srv/full", "/run/provision"}) {
        node.sh("mkdir -p %s && mount -t tmpfs -o size=64k,mode=755 tmpfs %s".formatted(at, at));
      }
      lab.provision().json("apply", "inventory.yml").exits(0);

      lab.write("files.yml", PLAYBOOK.formatted("new".repeat(4096)));
      for (var at : new String[] {"/srv/full", "/run/provision"}) {
        node.sh("rm -f /etc/after");
        node.sh(FILL.formatted(at));
        var failed = lab.provision().json("apply", "inventory.yml").exits(1);
        assertThat(failed.text()).as(at).containsPattern(at + "[ a-z/]* (is )?full|full " + at);
        assertThat(node.sh("cat /srv/full/one")).isEqualTo("old");
        assertThat(node.sh("ls -A /srv/full")).doesNotContain(".provision");
        assertThat(node.succeeds("[ -e /etc/after ]")).isFalse();
        node.sh("rm %s/filler".formatted(at));
      }

      lab.provision().json("apply", "inventory.yml").exits(0);
      assertThat(node.sh("cat /etc/after; wc -c </srv/full/one")).isEqualTo("after12288\n");
      assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    }
  }

  @Test
  void whatTheOperatorAskedForAndHasNoRoomIsSaidAndIsNoSuccess() {
    try (var lab = Lab.of(1)) {
      var node = lab.node(1);
      lab.write("files.yml", PLAYBOOK.formatted("old"));
      lab.inventory("files.yml", Map.of());
      lab.provision().json("plan", "inventory.yml").exits(0);

      // nothing is changed by a run that cannot keep its journal
      var state = full(lab, "export XDG_STATE_HOME=$1/state; \"$2\" apply inventory.yml --yes");
      assertThat(state.text()).contains("No space left on device", "journal");
      assertThat(state.exit()).as("%s", state).isEqualTo(74);
      assertThat(node.succeeds("[ -e /srv/full/one ]")).isFalse();

      var plan =
          full(
              lab,
              "\"$2\" plan inventory.yml --out \"$1/plan\"; code=$?; [ ! -e \"$1/plan\" ] && exit $code");
      assertThat(plan.exit()).as("%s", plan).isEqualTo(74);
      assertThat(plan.text()).contains("full/plan", "No space left on device");

      var junit = full(lab, "\"$2\" plan inventory.yml --junit \"$1/junit.xml\"");
      assertThat(junit.exit()).as("%s", junit).isEqualTo(74);
      assertThat(junit.text()).contains("the JUnit file cannot be written");

      var json = full(lab, "\"$2\" apply inventory.yml --output json >\"$1/out\"");
      assertThat(json.exit()).as("%s", json).isEqualTo(74);
      assertThat(json.text()).contains("standard output cannot be written");
      // the hosts are in a known state: done
      assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    }
  }

  /** Runs a command of a shell where $1 is a full file system and $2 the program. */
  private static Result full(Lab lab, String command) {
    var mount = lab.write("full/below", "").getParent().toString();
    var words = new ArrayList<>(List.of("unshare", "--mount"));
    if (!System.getProperty("user.name").equals("root")) {
      words.add("--map-root-user");
    }
    words.addAll(List.of("sh", "-c", FULL + command, "sh", mount));
    return lab.provision().within(words).end();
  }
}
