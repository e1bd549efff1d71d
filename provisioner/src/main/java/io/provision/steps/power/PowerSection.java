package io.provision.steps.power;

import io.provision.model.Secret;
import io.provision.model.power.Power;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.Outline;
import io.provision.section.ProgramWord;
import io.provision.section.Section;
import io.provision.section.Source;
import io.provision.steps.power.PowerGrammar.Connection;
import io.provision.steps.power.PowerGrammar.Controller;
import io.provision.steps.power.PowerGrammar.Domain;
import io.provision.steps.power.PowerGrammar.Fingerprint;
import io.provision.steps.power.PowerGrammar.Service;
import io.provision.steps.power.PowerGrammar.SystemId;
import io.provision.steps.power.PowerGrammar.User;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What the inventory says below {@code power} of a host: one way, with the keys of that way. */
public record PowerSection(
    Source source,
    @Key(
            value = "A management controller that speaks IPMI 2.0; asked by ipmitool.",
            example = "10.0.0.11")
        Optional<Controller> ipmi,
    @Key(
            value = "A management controller that speaks Redfish; always over TLS.",
            example = "https://10.0.0.12")
        Optional<Service> redfish,
    @Key(
            value = "Where libvirt runs, as 'virsh -c' takes it.",
            example = "\"qemu+ssh://root@kvm1/system\"")
        Optional<Connection> libvirt,
    @Key(value = "The virtual machine, as 'virsh list' names it.", example = "w1")
        Optional<Domain> domain,
    @Key(value = "Who asks the controller.", example = "ADMIN") Optional<User> user,
    @Key("The password of that user.") Optional<Secret> password,
    @Key(value = "The UDP port of IPMI.", usual = "623") Optional<ControllerPort> port,
    @Key(
            value = "Which of its systems, as Redfish identifies it; not needed where it has one.",
            example = "\"1\"")
        Optional<SystemId> system,
    @Key(
            value =
                "The SHA-256 of the controller's certificate, which then needs no authority and no"
                    + " name.",
            example = "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"")
        Optional<Fingerprint> fingerprint,
    @Key(
            value =
                "A file of authorities (PEM) by which the controller's certificate is verified.",
            example = "bmc-ca.pem")
        Optional<Path> ca,
    @Key(
            value = "A program with its arguments that cuts the power; run here, without a shell.",
            example = "[plug, cut, \"3\"]")
        Optional<List<ProgramWord>> off,
    @Key(value = "One that gives the power.", example = "[plug, give, \"3\"]")
        Optional<List<ProgramWord>> on,
    @Key(value = "One that writes 'on' or 'off'.", example = "[plug, ask, \"3\"]")
        Optional<List<ProgramWord>> status)
    implements Section {

  /** The ways, by the key that says which, and the keys that go with each. */
  private enum Way {
    IPMI(Set.of("ipmi", "user", "password", "port"), List.of("user", "password")),
    REDFISH(
        Set.of("redfish", "user", "password", "system", "fingerprint", "ca"),
        List.of("user", "password")),
    LIBVIRT(Set.of("libvirt", "domain"), List.of("domain")),
    OFF(Set.of("off", "on", "status"), List.of("on", "status"));

    private final Set<String> keys;
    private final List<String> needed;

    Way(Set<String> keys, List<String> needed) {
      this.keys = keys;
      this.needed = needed;
    }

    private String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final List<String> KEYS =
      List.of(
          "ipmi",
          "redfish",
          "libvirt",
          "domain",
          "user",
          "password",
          "port",
          "system",
          "fingerprint",
          "ca",
          "off",
          "on",
          "status");

  /** Of an IPMI 2.0 controller: RMCP+ has room for so many bytes. */
  private static final int LONGEST_USER = 16;

  private static final int USUAL_PORT = 623;

  @Override
  public Record settled() {
    return (Record) power();
  }

  private Power power() {
    return switch (ways().getFirst()) {
      case IPMI -> new Power.Ipmi(ipmi.orElseThrow().value(), portNumber(), login());
      case REDFISH ->
          new Power.Redfish(
              redfish.orElseThrow().url(), login(), system.map(SystemId::value), trust());
      case LIBVIRT ->
          new Power.Libvirt(libvirt.orElseThrow().value(), domain.orElseThrow().value());
      case OFF ->
          new Power.Programs(
              ProgramWord.texts(off.orElseThrow()),
              ProgramWord.texts(on.orElseThrow()),
              ProgramWord.texts(status.orElseThrow()));
    };
  }

  private OptionalInt portNumber() {
    return port.map(it -> OptionalInt.of(it.value())).orElseGet(OptionalInt::empty);
  }

  private Power.Login login() {
    return new Power.Login(user.orElseThrow().value(), password.orElseThrow());
  }

  private Power.Trust trust() {
    return fingerprint
        .<Power.Trust>map(it -> new Power.Trust.Pinned(it.digits()))
        .or(() -> ca.map(it -> new Power.Trust.Authorities(it)))
        .orElseGet(Power.Trust.Usual::new);
  }

  /** A switch of two hosts would cut the one where the other is meant. */
  @Override
  public List<Sole> soles() {
    var soles = new ArrayList<Sole>();
    ipmi.ifPresent(it ->
        soles.add(
            sole(
                "ipmi",
                List.of(it.value().toLowerCase(Locale.ROOT), portNumber().orElse(USUAL_PORT)),
                "controller of their power, " + it.value())));
    redfish.ifPresent(it ->
        soles.add(
            sole(
                "redfish",
                List.of(
                    it.url().toString().toLowerCase(Locale.ROOT).replaceFirst(":443$", ""),
                    system.map(SystemId::value)),
                "system of a controller, %s%s"
                    .formatted(it.url(), system.map(id -> ", system " + id.value()).orElse("")))));
    if (libvirt.isPresent() && domain.isPresent()) {
      var itself = domain.get().value();
      soles.add(
          sole(
              "domain",
              List.of(libvirt.get().value(), itself),
              "virtual machine by their 'power', " + itself));
    }
    off.ifPresent(it -> soles.add(program("off", it)));
    on.ifPresent(it -> soles.add(program("on", it)));
    status.ifPresent(it -> soles.add(program("status", it)));
    return soles;
  }

  private Sole program(String key, List<ProgramWord> words) {
    return sole(
        key, words.stream().map(ProgramWord::value).toList(), "program for '%s'".formatted(key));
  }

  private Sole sole(String key, List<?> identity, String what) {
    return new Sole(
        List.of(PowerSection.class, key, identity),
        source.at(key),
        what,
        "what is meant for one would be done to the other: correct one of them.");
  }

  private List<Way> ways() {
    var ways = new ArrayList<Way>();
    for (var way : Way.values()) {
      if (source.has(way.key())) {
        ways.add(way);
      }
    }
    return ways;
  }

  @Override
  public void check(Outline outline, Findings findings) {
    var ways = ways();
    if (ways.isEmpty()) {
      findings.add(
          source.position(),
          "it does not say by what. write one of ipmi: ADDRESS, redfish: URL, libvirt: URI, or"
              + " off:, on: and status: with a program each.");
      return;
    }
    if (ways.size() > 1) {
      findings.add(
          source.keyAt(ways.get(1).key()),
          "there is '%s' already, and one of the two would never be used. take one out."
              .formatted(ways.getFirst().key()));
      return;
    }
    var way = ways.getFirst();
    for (var key : KEYS) {
      if (!way.keys.contains(key) && source.has(key)) {
        findings.meaningless(source, key, "beside '%s'".formatted(way.key()));
      }
    }
    for (var key : way.needed) {
      if (!source.has(key)) {
        findings.add(source.position(), "'%s' is missing beside '%s'.".formatted(key, way.key()));
      }
    }
    switch (way) {
      case IPMI -> ofIpmi(findings);
      case REDFISH -> ofRedfish(findings);
      case LIBVIRT -> {}
      case OFF -> ofPrograms(findings);
    }
  }

  private void ofIpmi(Findings findings) {
    if (user.filter(it -> it.value().length() > LONGEST_USER).isPresent()) {
      findings.add(source.at("user"), "IPMI has no users longer than %d.".formatted(LONGEST_USER));
    }
  }

  private void ofRedfish(Findings findings) {
    if (source.has("fingerprint") && source.has("ca")) {
      findings.meaningless(source, "ca", "beside 'fingerprint', by which alone it is known");
    }
    ca.filter(it -> !Files.isRegularFile(it))
        .ifPresent(it -> findings.add(source.at("ca"), "there is no file %s.".formatted(it)));
  }

  private void ofPrograms(Findings findings) {
    off.ifPresent(it -> program(it, "off", findings));
    on.ifPresent(it -> program(it, "on", findings));
    status.ifPresent(it -> program(it, "status", findings));
  }

  private void program(List<ProgramWord> words, String key, Findings findings) {
    var wrong = ProgramWord.wrong(words, "[plug, cut, \"3\"]");
    if (wrong.isPresent()) {
      findings.add(source.at(key), wrong.get());
      return;
    }
    var first = words.getFirst().value();
    if (first.contains("/") && !first.startsWith("/")) {
      findings.add(
          source.at(key),
          "'%s' would depend on where you are. write its name, or its path from /."
              .formatted(first));
    }
  }
}
