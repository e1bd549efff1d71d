package io.provision.load.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.load.bind.Surroundings;
import io.provision.load.yaml.InputProblem;
import io.provision.load.yaml.InputRefused;
import io.provision.model.HostName;
import io.provision.section.Areas;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.Outline;
import io.provision.section.Section;
import io.provision.section.SectionEntry;
import io.provision.section.Source;
import io.provision.section.Text;
import io.provision.section.ValueSection;
import io.provision.steps.k3s.K3sDistribution;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an area's line in the catalog brings: keys, checks, schema, help, and what steps see. */
class AreaSectionsTest {

  /** The section of an area that only this test knows. */
  record LampSection(
      Source source,
      @Key(value = "How bright.", usual = "50", example = "70") Optional<Level> brightness,
      @Key("Who looks after it.") Optional<HostName> keeper)
      implements Section {
    static final List<String> REQUIRED = List.of("keeper");

    @Override
    public void check(Outline outline, Findings findings) {
      if (level() > 100) {
        findings.add(source.at("brightness"), "too bright. take 100 or less.");
      }
      if (outline.hosts().stream().noneMatch(it -> keeper.equals(Optional.of(it.name())))) {
        findings.warn(source.at("keeper"), "nobody has that name.");
      }
    }

    @Override
    public Record settled() {
      return new Lamp(level());
    }

    private int level() {
      return brightness.map(Level::value).orElse(50);
    }
  }

  /** One without keys: what stands there is a list. */
  record BulbsSection(Source source, List<Level> levels) implements ValueSection {
    @Override
    public void check(Outline outline, Findings findings) {
      if (levels.size() > 2) {
        findings.add(source.position(), "too many bulbs. take two.");
      }
    }
  }

  /** One without keys: what stands there is whatever somebody wrote. */
  record NotesSection(Source source, Map<String, Object> notes) implements ValueSection {
    @Override
    public void check(Outline outline, Findings findings) {}
  }

  /** A value of its own, written as one text. */
  @Text(kind = "percentage", sample = "50")
  record Level(int value) {
    static final String FORM = "\\d{1,3}";

    static Level parse(String text) {
      if (!text.matches(FORM)) {
        throw new IllegalArgumentException("'%s' is not a percentage".formatted(text));
      }
      return new Level(Integer.parseInt(text));
    }
  }

  /** What its steps see. */
  record Lamp(int brightness) {}

  private static final Areas AREAS =
      new Areas(
          List.of(
              new SectionEntry("cluster.load_balancer", "lamp", LampSection.class, "A lamp."),
              new SectionEntry("cluster", "bulbs", BulbsSection.class, "Bulbs."),
              new SectionEntry("cluster", "notes", NotesSection.class, "Notes.", "{ by: me }"),
              new SectionEntry("cluster.nowhere", "elsewhere", LampSection.class, "Not here.")),
          List.of(K3sDistribution.DECLARED));

  private static InventoryLoader.Loaded load(String lamp) {
    var text =
        """
        cluster:
          name: x
          distribution: k3s
          version: v1.36.4+k3s1
          load_balancer:
            %s
        hosts:
          a: { address: a, roles: control-plane }
        """
            .formatted(lamp);
    return new InventoryLoader(new Surroundings(Map.of(), Path.of("/home/someone")), AREAS)
        .load(Path.of("i.yml"), text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> refusal(String lamp) {
    return catchThrowableOfType(InputRefused.class, () -> load(lamp)).problems().stream()
        .map(InputProblem::toString)
        .toList();
  }

  @Test
  void stepsFindWhatTheSectionSettledOn() {
    var sections = load("lamp: { keeper: a }").inventory().cluster().orElseThrow().sections();
    assertThat(sections.find(Lamp.class)).contains(new Lamp(50));
    assertThat(sections.find(LampSection.class)).isEmpty();
    var without = load("").inventory().cluster().orElseThrow().sections();
    assertThat(without.all()).isEmpty();
  }

  @Test
  void whatIsWrongInItIsSaidAtOnceAndWhereItStands() {
    assertThat(refusal("lamp: { brightness: 200, keper: a }"))
        .containsExactly(
            "i.yml:6:25: too bright. take 100 or less.",
            "i.yml:6:30: unknown key 'keper'. did you mean 'keeper'?");
    assertThat(refusal("lamp: { brightness: much, keeper: a }"))
        .containsExactly("i.yml:6:25: 'much' is not a percentage.");
    assertThat(refusal("lamp: {}")).containsExactly("i.yml:6:11: 'keeper' is missing.");
    assertThat(load("lamp: { keeper: b }").warnings())
        .extracting(InputProblem::toString)
        .containsExactly("i.yml:6:21: nobody has that name.");
  }

  @Test
  void aSectionWithoutKeysIsItsValue() {
    var sections =
        load("lamp: { keeper: a }\n  bulbs: [7, 9]\n  notes: { b: 1, a: [x] }")
            .inventory()
            .cluster()
            .orElseThrow()
            .sections();
    assertThat(sections.find(BulbsSection.class).orElseThrow().levels())
        .containsExactly(new Level(7), new Level(9));
    assertThat(sections.find(NotesSection.class).orElseThrow().notes()).hasToString("{b=1, a=[x]}");
    var empty = load("\n  bulbs:\n  notes: ~").inventory().cluster().orElseThrow().sections();
    assertThat(empty.all()).isEmpty();
  }

  @Test
  void whatIsWrongWithAValueIsSaidWhereItStands() {
    assertThat(refusal("\n  bulbs: [much, 7]"))
        .containsExactly("i.yml:7:11: 'much' is not a percentage.");
    assertThat(refusal("\n  bulbs: [1, 2, 3]"))
        .containsExactly("i.yml:7:10: too many bulbs. take two.");
    assertThat(refusal("\n  notes: [x]")).singleElement().asString().startsWith("i.yml:7:10: ");
    assertThat(refusal("\n  bulbs: { levels: 3 }"))
        .singleElement()
        .asString()
        .startsWith("i.yml:7:10: ");
  }

  @Test
  void whatNoAreaHasIsNotKnownThere() {
    assertThat(refusal("elsewhere: { keeper: a }"))
        .containsExactly("i.yml:6:5: unknown key 'elsewhere'. known here: lamp.");
  }

  @Test
  void itsKeysAreInTheHelpAndInTheSchema() {
    var keys = new InventoryKeys(AREAS);
    assertThat(keys.find("cluster.load_balancer.lamp").orElseThrow())
        .satisfies(it -> assertThat(it.meaning()).isEqualTo("A lamp."))
        .satisfies(it -> assertThat(it.below()).containsExactly("brightness", "keeper"));
    assertThat(keys.find("cluster.load_balancer.lamp.brightness").orElseThrow())
        .satisfies(it -> assertThat(it.type()).isEqualTo("percentage"))
        .satisfies(it -> assertThat(it.usual()).isEqualTo("50"))
        .satisfies(it -> assertThat(it.example()).endsWith("brightness: 70"));
    assertThat(keys.find("cluster.bulbs").orElseThrow())
        .satisfies(it -> assertThat(it.meaning()).isEqualTo("Bulbs."))
        .satisfies(it -> assertThat(it.type()).isEqualTo("list of percentage"))
        .satisfies(it -> assertThat(it.below()).isEmpty())
        .satisfies(it -> assertThat(it.example()).endsWith("bulbs: [50]"));
    assertThat(keys.find("cluster.notes").orElseThrow().example()).endsWith("notes: { by: me }");
    assertThat(InventorySchema.document(AREAS).toString())
        .contains("lamp={description=A lamp.")
        .contains("required=[keeper]")
        .contains("pattern=^(\\d{1,3})$")
        .doesNotContain("elsewhere");
  }
}
