package io.provision.steps.doctor;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.NodeAddress;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examined;
import io.provision.step.doctor.Measured;
import io.provision.step.doctor.Measurement;
import io.provision.step.doctor.Measuring;
import io.provision.step.doctor.Trial;
import io.provision.steps.os.firewall.NeededWay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ways that an inventory needs between hosts: listeners are put up on each host where nobody
 * listens yet, all others try to reach them, and the listeners go. Those of a run that is killed go
 * by themselves.
 *
 * @param addresses by which hosts reach each other
 * @param mtus of the interfaces that have these, in bytes, as far as they are known
 * @param opened hosts whose firewall an apply opens
 * @param token by which a listener knows who may ask it, and we know it
 */
record WaysBetween(
    Inventory inventory,
    SortedMap<HostName, NodeAddress> addresses,
    Map<HostName, Integer> mtus,
    Collection<HostName> opened,
    String token,
    List<NeededWay> ways)
    implements Trial {
  /** Seconds after which a listener goes by itself: later than all others may still ask it. */
  private static final int LIFE = 120;

  /** Of who listens, and again of whose listener ends. */
  private static final Duration SHORT = Duration.ofSeconds(20);

  /** Of who asks all others. */
  private static final Duration LONG = Duration.ofSeconds(80);

  /** Seconds that answers may take. */
  private static final int PATIENCE = 3;

  static WaysBetween of(
      Inventory inventory,
      SortedMap<HostName, NodeAddress> addresses,
      Map<HostName, Integer> mtus,
      Collection<HostName> opened,
      String token) {
    return new WaysBetween(
        inventory, addresses, mtus, opened, token, NeededWay.all(inventory, addresses));
  }

  @Override
  public String what() {
    return "the ways between hosts";
  }

  @Override
  public Duration most() {
    return SHORT.plus(LONG).plus(SHORT);
  }

  @Override
  public Set<HostName> hosts() {
    return ways.stream()
        .flatMap(way -> Stream.of(way.from(), way.to()))
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public List<Examined> examined(Measuring measuring) throws InterruptedException {
    var listening = measuring.put(listen());
    try {
      return examined(listening, measuring.take(reach(listening)));
    } finally {
      measuring.takeAway(end(listening));
    }
  }

  /** Puts listeners up where nobody listens yet. */
  Measurement<Listening> listen() {
    var arguments = new LinkedHashMap<HostName, List<String>>();
    by(NeededWay::to)
        .forEach((host, own) -> {
          var words = new ArrayList<>(List.of(Integer.toString(LIFE), token, at(host).toString()));
          own.stream().map(NeededWay::port).distinct().sorted().forEach(words::add);
          arguments.put(host, words);
        });
    return new Measurement<>(WayScripts.LISTEN, arguments, SHORT, Listening::read);
  }

  /** Has each try to reach those of all others. */
  Measurement<Reached> reach(Measured<Listening> listening) {
    var arguments = new LinkedHashMap<HostName, List<String>>();
    by(NeededWay::from)
        .forEach((from, own) -> {
          var peers = new TreeMap<HostName, List<String>>();
          own.stream()
              .filter(way -> isMeasurable(way, listening))
              .forEach(
                  way -> peers.computeIfAbsent(way.to(), _ -> new ArrayList<>()).add(way.port()));
          if (!peers.isEmpty()) {
            var words =
                new ArrayList<>(List.of(Integer.toString(PATIENCE), token, at(from).toString()));
            peers.forEach((to, ports) -> words.add(peer(from, to, ports)));
            arguments.put(from, words);
          }
        });
    return new Measurement<>(WayScripts.REACH, arguments, LONG, Reached::read);
  }

  private String peer(HostName from, HostName to, List<String> ports) {
    var words = new ArrayList<String>();
    words.add(at(to).toString());
    words.addAll(ports);
    Optional.ofNullable(mtus.get(from)).ifPresent(mtu -> words.add("mtu=" + mtu));
    return String.join(",", words);
  }

  /** Who listens on a port of datagrams already does not answer us. */
  private static boolean isMeasurable(NeededWay way, Measured<Listening> listening) {
    var at = listening.of(way.to());
    return at.isPresent()
        && (at.get().open().contains(way.port())
            || at.get().busy().contains(way.port()) && way.port().endsWith("/tcp"));
  }

  Measurement<Boolean> end(Measured<Listening> listening) {
    var arguments = new LinkedHashMap<HostName, List<String>>();
    listening
        .answers()
        .forEach((host, own) -> {
          if (!own.pid().isEmpty()) {
            arguments.put(host, List.of(own.pid(), token));
          }
        });
    return new Measurement<>(WayScripts.END, arguments, SHORT, _ -> true);
  }

  /** What is not open, told of the host that cannot be reached, and what could not be measured. */
  List<Examined> examined(Measured<Listening> listening, Measured<Reached> reached) {
    var all = new ArrayList<Examined>();
    by(NeededWay::to)
        .forEach((to, own) -> {
          all.add(new Examined(to.value(), "ports", ports(to, own, listening, reached)));
          all.add(new Examined(to.value(), "path MTU", packets(to, reached)));
        });
    return all;
  }

  private List<Diagnosis> ports(
      HostName to, List<NeededWay> own, Measured<Listening> listening, Measured<Reached> reached) {
    var at = listening.of(to);
    if (at.isEmpty()) {
      return List.of(
          Diagnosis.warning(
              "did not answer any more when its ports were to be measured: " + listening.why(to),
              "run it again"));
    }
    if (!at.get().possible()) {
      return List.of(
          Diagnosis.note(
              "has nothing that could listen: whether others reach its ports was not measured",
              "install perl-base there"));
    }
    var closed = new TreeMap<String, TreeSet<String>>();
    var busy = new TreeSet<String>();
    var unasked = new TreeSet<String>();
    for (var way : own) {
      var state = reached.of(way.from()).map(it -> it.of(at(to).toString(), way.port())).orElse("");
      var isOurs = at.get().open().contains(way.port());
      if (!isOurs && (state.isEmpty() || state.equals("refused"))) {
        busy.add(way.port());
      } else if (state.isEmpty()) {
        unasked.add(way.from().value());
      } else if (!state.equals("reached")) {
        closed
            .computeIfAbsent(way.port() + " " + state, _ -> new TreeSet<>())
            .add(way.from().value());
      }
    }
    var found = new ArrayList<Diagnosis>();
    closed.forEach((what, from) -> found.add(closed(to, what, from)));
    if (!busy.isEmpty()) {
      found.add(
          Diagnosis.note(
              "does not say whether others reach its %s: what has %s already does not answer"
                  .formatted(String.join(", ", busy), busy.size() == 1 ? "it" : "them"),
              "'provision plan' asks what runs there"));
    }
    if (!unasked.isEmpty()) {
      found.add(
          Diagnosis.note(
              "was not tried from %s, which said nothing of it"
                  .formatted(String.join(", ", unasked)),
              "see whether that can still be logged in to, and has Perl"));
    }
    at.get()
        .unusable()
        .forEach(it ->
            found.add(
                Diagnosis.warning(
                    "lets nobody listen on %s".formatted(it), "see there what forbids it")));
    return found;
  }

  private Diagnosis closed(HostName to, String what, Collection<String> from) {
    var words = what.split(" ", 2);
    var evidence =
        "cannot be reached on %s at %s from %s: %s"
            .formatted(
                words[0],
                at(to),
                String.join(", ", from),
                words[1].equals("silent")
                    ? "what is sent there gets lost"
                    : words[1].equals("refused")
                        ? "something turns it away"
                        : words[1].replaceFirst("^failed ?", ""));
    if (opened.contains(to)) {
      return Diagnosis.note(evidence, "'provision apply' opens it in the firewall there");
    }
    var slash = words[0].indexOf('/');
    return Diagnosis.error(
        evidence,
        "let it in: see 'nft list ruleset' and 'iptables -S' on %s, and what is between them; 'ufw allow proto %s from ADDRESS to any port %s' where ufw rules"
            .formatted(to, words[0].substring(slash + 1), words[0].substring(0, slash)));
  }

  private List<Diagnosis> packets(HostName to, Measured<Reached> reached) {
    var address = at(to).toString();
    var lost = new TreeMap<String, TreeSet<String>>();
    addresses
        .keySet()
        .forEach(from ->
            reached
                .of(from)
                .map(it -> it.packets().get(address))
                .filter(it -> !it.allPass())
                .ifPresent(it ->
                    lost.computeIfAbsent(
                            it.tried() + " " + it.passes().map(Object::toString).orElse(""),
                            _ -> new TreeSet<>())
                        .add(from.value())));
    var found = new ArrayList<Diagnosis>();
    lost.forEach((sizes, from) -> {
      var words = sizes.split(" ", 2);
      found.add(
          Diagnosis.warning(
              "does not get packets of %s bytes from %s, which their interface sends%s: what is short arrives, and what is long gets lost"
                  .formatted(
                      words[0],
                      String.join(", ", from),
                      words[1].isEmpty() ? "" : "; %s bytes arrive".formatted(words[1])),
              words[1].isEmpty()
                  ? "see what is between them that drops large packets"
                  : "give the interfaces of the nodes an MTU of %s ('ip link set dev DEVICE mtu %s', and in the configuration of the network), or let what is between them carry %s"
                      .formatted(words[1], words[1], words[0])));
    });
    return found;
  }

  private SortedMap<HostName, List<NeededWay>> by(Function<NeededWay, HostName> end) {
    return ways.stream()
        .collect(Collectors.groupingBy(end, TreeMap::new, Collectors.toUnmodifiableList()));
  }

  private NodeAddress at(HostName host) {
    return Objects.requireNonNull(addresses.get(host), "there is a way to it");
  }
}
