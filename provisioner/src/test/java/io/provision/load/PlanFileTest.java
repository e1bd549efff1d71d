package io.provision.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Finding;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.SavedPlan;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.files.Custody;
import io.provision.load.bind.SourceFile;
import io.provision.load.bind.Surroundings;
import io.provision.load.yaml.InputRefused;
import io.provision.load.yaml.Problems;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.model.Sha256;
import io.provision.step.Change;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanFileTest {
  private static final List<Outcome> OUTCOMES =
      List.of(
          new Outcome.Ok(),
          new Outcome.Skipped("why"),
          new Outcome.Leaving(
              List.of(
                  new Outcome.Left(
                      List.of("host/n4"),
                      List.of(Change.of(Change.Action.REMOVE, "gluster peer n4")),
                      "heal pending",
                      "a removal is under way",
                      "n4 lost the role storage"))),
          new Outcome.Pending("something", Set.of(Change.Action.JOIN)),
          new Outcome.Failed(new Failure("what", "remedy", "command", 3, List.of("line"))),
          new Outcome.Unreachable(new Failure("what", "remedy")),
          new Outcome.Lost(new Failure("what", "remedy")),
          new Outcome.Changed(List.of(Change.of(Change.Action.CREATE, "subject"))),
          new Outcome.WouldChange(
              Stream.of(
                      new Change.Detail.Plain(),
                      new Change.Detail.Value("", "ü"),
                      new Change.Detail.Text("a\n", "b\n"),
                      new Change.Detail.Hidden("a secret"))
                  .map(detail -> new Change(Change.Action.UPDATE, "subject", detail))
                  .toList()));

  @TempDir private Path directory;

  @Test
  void whatIsReadIsWhatWasWrittenWhateverItHolds() throws IOException {
    var file = directory.resolve("saved.plan");
    var saved = plan();
    saved.write(file);
    assertThat(PlanFile.is(source(file))).isTrue();
    assertThat(PlanFile.read(source(file))).isEqualTo(saved);
  }

  private static SourceFile source(Path file) {
    var problems = new Problems();
    var nobodyShares =
        new Custody(
            Custody.ofThisProcess(Map.of()).self(), Optional.empty(), Path.of("/nonexistent"));
    var surroundings = new Surroundings(Map.of(), Path.of("/"), nobodyShares);
    var source = SourceFile.read(file, PlanFile.MOST_BYTES, surroundings, problems);
    problems.refuseIfAny();
    return source.orElseThrow();
  }

  private static PlanFile plan() {
    return new PlanFile(
        PlanFile.FORMAT,
        "1",
        "/inventory.yml",
        "hosts:\n",
        Optional.of(new PlanFile.Text("/playbook.yml", "- name: x\n")),
        List.of("n1"),
        List.of(),
        List.of("file"),
        List.of("host/n9"),
        List.of(
            "n1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4kPH6LZ9y5Ej4n3zB0Zb2yZ6cV3v0l0eU1d3Q4b5c6"),
        new SavedPlan("key", OUTCOMES.stream().map(PlanFileTest::finding).toList()));
  }

  /** Every part of a plan, missing, null, of another kind, or more than it should be. */
  @Test
  void aPlanThatIsNotWholeIsRefusedAndNeverABug() throws IOException {
    var file = directory.resolve("saved.plan");
    plan().write(file);
    var json = JsonMapper.builder().build();
    var whole = json.readTree(Files.readAllBytes(file));
    var tried = new AtomicInteger();
    var taken = new ArrayList<String>();
    for (var pointer : pointers(whole, "").toList()) {
      for (var damaged : damaged(whole, pointer)) {
        tried.incrementAndGet();
        try {
          var read = PlanFile.read(SourceFile.of(file, json.writeValueAsBytes(damaged)));
          assertThat(holes(read)).as(pointer).isEmpty();
          taken.add(pointer);
        } catch (InputRefused refused) {
          assertThat(refused.problems()).hasSize(1);
        }
      }
    }
    assertThat(tried.get()).isGreaterThan(1000);
    // What is taken all the same is another text or number, which nobody but the run can judge.
    assertThat(taken).hasSizeLessThan(tried.get() / 4);
  }

  private static Stream<String> pointers(JsonNode node, String at) {
    if (node.isObject()) {
      return node.properties().stream()
          .flatMap(entry -> {
            var below = at + "/" + entry.getKey();
            return Stream.concat(Stream.of(below), pointers(entry.getValue(), below));
          });
    }
    return IntStream.range(0, node.size())
        .boxed()
        .flatMap(i -> {
          var below = at + "/" + i;
          return Stream.concat(Stream.of(below), pointers(node.get(i), below));
        });
  }

  private static List<JsonNode> damaged(JsonNode whole, String pointer) {
    var slash = pointer.lastIndexOf('/');
    var key = pointer.substring(slash + 1);
    var nodes = JsonNodeFactory.instance;
    var replacements =
        List.of(
            nodes.nullNode(),
            nodes.textNode("other"),
            nodes.numberNode(-7),
            nodes.numberNode(1.5),
            nodes.booleanNode(true),
            nodes.arrayNode(),
            nodes.arrayNode().addNull(),
            nodes.objectNode(),
            nodes.objectNode().put("kind", "Nothing"));
    var all = new ArrayList<JsonNode>();
    for (var replacement : replacements) {
      var copy = whole.deepCopy();
      switch (copy.at(pointer.substring(0, slash))) {
        case ObjectNode object -> object.set(key, replacement);
        case ArrayNode array -> array.set(Integer.parseInt(key), replacement);
        default -> throw new AssertionError(pointer);
      }
      all.add(copy);
    }
    var less = whole.deepCopy();
    if (less.at(pointer.substring(0, slash)) instanceof ObjectNode object) {
      object.remove(key);
      all.add(less);
      var more = whole.deepCopy();
      ((ObjectNode) more.at(pointer.substring(0, slash))).put("surplus", 1);
      all.add(more);
    }
    return all;
  }

  /** Components of records that are null, anywhere. */
  private static List<String> holes(Object value) {
    return switch (value) {
      case Optional<?> optional -> optional.map(PlanFileTest::holes).orElse(List.of());
      case Map<?, ?> map -> map.values().stream().flatMap(it -> holes(it).stream()).toList();
      case Collection<?> all -> all.stream().flatMap(it -> holes(it).stream()).toList();
      case Record record ->
          Arrays.stream(record.getClass().getRecordComponents())
              .flatMap(component -> {
                var part = part(record, component);
                return part == null ? Stream.of(component.getName()) : holes(part).stream();
              })
              .toList();
      default -> List.of();
    };
  }

  private static @Nullable Object part(Record record, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void textThatIsNoJsonOrGoesOnAfterItsEndIsRefused() throws IOException {
    var file = directory.resolve("saved.plan");
    plan().write(file);
    var text = Files.readString(file);
    for (var damaged :
        List.of(
            "",
            "{",
            "[]",
            "null",
            text.substring(0, text.length() / 2),
            text + "{}",
            text.replaceFirst("\"format\"", "\"format\": 2, \"format\""),
            "[".repeat(5000))) {
      var bytes = damaged.getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> PlanFile.read(SourceFile.of(file, bytes)))
          .as(damaged)
          .isInstanceOfSatisfying(
              InputRefused.class, refused -> assertThat(refused.problems()).hasSize(1));
    }
  }

  @Test
  void whatIsWrongWithAPlanIsSaidWithItsPlace() throws IOException {
    var file = directory.resolve("saved.plan");
    plan().write(file);
    var lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(2, "  nonsense");
    var bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> PlanFile.read(SourceFile.of(file, bytes)))
        .isInstanceOfSatisfying(
            InputRefused.class,
            refused ->
                assertThat(refused.problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.at().line()).isEqualTo(3)));
  }

  /** As UTF-32, by its first bytes, and then none of its characters. */
  @Test
  void bytesThatAreNoTextAreRefused() {
    var bytes = new byte[] {0, 0, (byte) 0xfe, (byte) 0xff, 0x7f, -1, -1, -1};
    assertThatThrownBy(() -> PlanFile.read(SourceFile.of(directory.resolve("x"), bytes)))
        .isInstanceOfSatisfying(
            InputRefused.class, refused -> assertThat(refused.problems()).hasSize(1));
  }

  @Test
  void anInventoryIsNotTakenForAPlan() {
    for (var text :
        List.of("", "hosts: {}", "{\"hosts\": {}}", "hosts: {a: {vars: {\"format\": 1}}}")) {
      assertThat(PlanFile.is(SourceFile.of(directory.resolve("x"), text))).as(text).isFalse();
    }
    assertThat(PlanFile.is(SourceFile.of(directory.resolve("x"), "{\"format\": 9}"))).isTrue();
  }

  @Test
  void onlyTheProgramThatMadeAPlanCanKeepToIt() {
    assertThat(plan().misfit("1")).isEmpty();
    assertThat(plan().misfit("1.1")).contains("version 1,", "1.1");
    var plan = plan();
    var older =
        new PlanFile(
            PlanFile.FORMAT - 1,
            plan.version(),
            plan.inventoryFile(),
            plan.inventory(),
            plan.playbook(),
            plan.limit(),
            plan.only(),
            plan.skip(),
            plan.remove(),
            plan.hostKeys(),
            plan.plan());
    assertThat(older.misfit("1")).contains("format " + (PlanFile.FORMAT - 1));
  }

  @Test
  void aPlanThatSomebodyElseCouldHaveWrittenIsRefused() throws IOException {
    var file = directory.resolve("saved.plan");
    plan().write(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    for (var mode : List.of("rw--w----", "rw-----w-", "rw-rw-rw-")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      assertThatThrownBy(() -> PlanFile.read(source(file)))
          .isInstanceOf(InputRefused.class)
          .hasMessageContaining("can write it")
          .hasMessageContaining("chmod g");
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(PlanFile.read(source(file))).isEqualTo(plan());
  }

  @Test
  void everyKindOfOutcomeIsTriedHere() {
    assertThat(OUTCOMES.stream().<Object>map(Outcome::getClass))
        .containsExactlyInAnyOrder((Object[]) Outcome.class.getPermittedSubclasses());
  }

  private static Finding finding(Outcome outcome) {
    return new Finding(
        outcome instanceof Outcome.Ok ? TargetName.DESK : TargetName.of(new HostName("n1")),
        new StepRef("file", 1, new Position("playbook.yml", 2, 3)),
        outcome,
        Set.of(Change.Action.UPDATE),
        Sha256.of(new byte[] {1}));
  }
}
