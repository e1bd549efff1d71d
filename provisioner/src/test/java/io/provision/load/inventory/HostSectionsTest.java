package io.provision.load.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.load.bind.Surroundings;
import io.provision.load.yaml.InputProblem;
import io.provision.load.yaml.InputRefused;
import io.provision.model.Cluster;
import io.provision.model.HostName;
import io.provision.model.Role;
import io.provision.model.Sections;
import io.provision.section.Areas;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.Outline;
import io.provision.section.Section;
import io.provision.section.SectionEntry;
import io.provision.section.Source;
import io.provision.steps.k3s.K3sDistribution;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A key of hosts that the inventory's own code has never heard of is a line of its area. */
class HostSectionsTest {

  /** What can stand at the cluster and at its hosts: the same record in both places. */
  record BellSection(Source source, @Key("How loud.") Optional<AreaSectionsTest.Level> loudness)
      implements Section {
    @Override
    public Bell settled() {
      return new Bell(loudness.map(AreaSectionsTest.Level::value).orElse(50));
    }

    @Override
    public void check(Outline outline, Findings findings) {
      var here = outline.host().map(it -> it.name().value()).orElse("the cluster");
      if (settled().loudness() > 100) {
        findings.add(source.at("loudness"), "too loud for %s. take 100.".formatted(here));
      }
      outline
          .host()
          .filter(it -> it.roles().contains(Role.STORAGE))
          .ifPresent(_ -> findings.warn(source.position(), "disks cannot hear it."));
      outline
          .distribution()
          .filter(Cluster.Distribution.NONE::equals)
          .ifPresent(_ -> findings.add(source.position(), "nobody rings it."));
    }
  }

  /** What its steps see. */
  record Bell(int loudness) {}

  private static final Areas AREAS =
      new Areas(
          List.of(
              new SectionEntry("cluster", "bell", BellSection.class, "Of all hosts."),
              new SectionEntry("hosts", "bell", BellSection.class, "Of this host.")),
          List.of(K3sDistribution.DECLARED));

  private static final String CLUSTER =
      """
      cluster:
        name: x
        distribution: k3s
        version: v1.36.4+k3s1
      """;

  private static InventoryLoader.Loaded load(String text) {
    return new InventoryLoader(new Surroundings(Map.of(), Path.of("/home/someone")), AREAS)
        .load(Path.of("i.yml"), text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> said(List<InputProblem> problems) {
    return problems.stream().map(InputProblem::toString).toList();
  }

  private static List<String> refusal(String text) {
    return said(catchThrowableOfType(InputRefused.class, () -> load(text)).problems());
  }

  private static Sections sections(InventoryLoader.Loaded loaded, String host) {
    return loaded.inventory().find(new HostName(host)).orElseThrow().sections();
  }

  @Test
  void stepsFindAtEachHostWhatStandsThere() {
    var loaded =
        load(
            CLUSTER
                + """
                  bell: { loudness: 7 }
                hosts:
                  a: { address: a, roles: control-plane, bell: { loudness: 9 } }
                  b: { address: b, bell: {} }
                  c: { address: c }
                """);
    assertThat(sections(loaded, "a").all()).containsExactly(new Bell(9));
    assertThat(sections(loaded, "b").all()).containsExactly(new Bell(50));
    assertThat(sections(loaded, "c").all()).isEmpty();
    assertThat(loaded.inventory().cluster().orElseThrow().sections().all())
        .containsExactly(new Bell(7));
    assertThat(loaded.warnings()).isEmpty();
  }

  @Test
  void aHostThatIsLoggedInToInAnotherWayKeepsThem() {
    var host = load(CLUSTER + "hosts: { a: { address: a, roles: control-plane, bell: {} } }");
    var one = host.inventory().hosts().getFirst();
    assertThat(one.withSsh(one.ssh()).sections().all()).containsExactly(new Bell(50));
  }

  @Test
  void whatIsWrongIsSaidOfWhereItStands() {
    assertThat(
            refusal(
                CLUSTER
                    + """
                      bell: { loudness: 700 }
                    hosts:
                      a: { address: a, roles: control-plane, bell: { loudness: 900 } }
                      b: { address: b, bell: { loudness: much } }
                      c: { address: c, bell: { loud: 1 } }
                      d: { address: d, chime: 1 }
                    """))
        .satisfiesExactly(
            it -> assertThat(it).isEqualTo("i.yml:5:21: too loud for the cluster. take 100."),
            it -> assertThat(it).isEqualTo("i.yml:7:60: too loud for a. take 100."),
            it -> assertThat(it).isEqualTo("i.yml:8:38: 'much' is not a percentage."),
            it -> assertThat(it).startsWith("i.yml:9:28: unknown key 'loud'."),
            it ->
                assertThat(it)
                    .startsWith("i.yml:10:20: unknown key 'chime'. known here: address,")
                    .endsWith(", bell."));
  }

  @Test
  void aCheckSeesTheRolesOfItsHost() {
    var loaded =
        load(
            CLUSTER
                + """
                hosts:
                  a: { address: a, roles: control-plane, bell: {} }
                  b: { address: b, roles: [worker, storage], bell: {} }
                """);
    assertThat(said(loaded.warnings())).containsExactly("i.yml:7:52: disks cannot hear it.");
  }

  @Test
  void hostsWithoutAClusterAreCheckedToo() {
    assertThat(refusal("hosts: { a: { address: a, bell: { loudness: 900 } } }"))
        .containsExactly("i.yml:1:33: nobody rings it.", "i.yml:1:45: too loud for a. take 100.");
    assertThat(refusal("cluster: [x]\nhosts: { a: { address: a, bell: {} } }"))
        .singleElement()
        .asString()
        .startsWith("i.yml:1:10: ");
  }

  @Test
  void aKeyWithoutAValueIsAsIfItWereNotThere() {
    var loaded = load("hosts: { a: { address: a, bell: } }");
    assertThat(sections(loaded, "a").all()).isEmpty();
    assertThat(said(loaded.warnings())).singleElement().asString().contains("'bell' has no value");
  }

  @Test
  void helpAndSchemaHaveItInBothPlaces() {
    var keys = new InventoryKeys(AREAS);
    assertThat(keys.find("cluster.bell").orElseThrow().meaning()).isEqualTo("Of all hosts.");
    assertThat(keys.find("hosts.a.bell").orElseThrow().meaning()).isEqualTo("Of this host.");
    assertThat(keys.find("hosts.a.bell.loudness").orElseThrow().example())
        .endsWith("w1:\n    bell:\n      loudness: 50");
    assertThat(InventorySchema.document(AREAS).toString())
        .contains("bell={description=Of all hosts.")
        .contains("bell={description=Of this host.");
  }
}
