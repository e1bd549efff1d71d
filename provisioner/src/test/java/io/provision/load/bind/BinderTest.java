package io.provision.load.bind;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.yaml.InputProblem;
import io.provision.load.yaml.Problems;
import io.provision.load.yaml.YamlReader;
import io.provision.model.Cidr;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.model.Secret;
import io.provision.model.Taint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BinderTest {
  private final Problems problems = new Problems();
  private final Binder binder =
      new Binder(new Surroundings(Map.of("A", "secret"), Path.of("/home/me")), Path.of("/books"));

  enum Mode {
    FIRST_COME,
    LAST
  }

  record Inner(int depth, Optional<String> text) {}

  record Everything(
      String text,
      int whole,
      long large,
      boolean flag,
      Duration patience,
      Path file,
      Mode mode,
      Cidr podCidr,
      Taint taint,
      HostName host,
      Secret secret,
      Inner inner,
      List<String> list,
      Set<Mode> modes,
      Map<String, Integer> numbers,
      Optional<HostName> maybe,
      OptionalInt count,
      Object free,
      Position position) {}

  record Packages(List<String> names) {}

  record Command(String line, Position at) {}

  record Nothing() {}

  record Bounded(int number) {}

  record Picky(String low, String high) {
    Picky {
      if (low.compareTo(high) > 0) {
        throw new IllegalArgumentException("low is above high");
      }
    }
  }

  private <T extends Record> Optional<T> bind(Class<T> type, String yaml) {
    var node = YamlReader.read("p.yml", yaml.getBytes(StandardCharsets.UTF_8), problems);
    return node.flatMap(it -> binder.bind(type, it, problems));
  }

  private List<String> said() {
    return problems.errors().stream().map(InputProblem::toString).toList();
  }

  @Test
  void everyTypeHasItsText() {
    var bound =
        bind(
                Everything.class,
                """
                text: 1.30
                whole: 7
                large: 8
                flag: yes
                patience: 5m
                file: ~/x
                mode: first-come
                pod_cidr: 10.0.0.0/8
                taint: a=b:NoExecute
                host: w1
                secret: ${env:A}
                inner: { depth: 1 }
                list: one
                modes: [last]
                numbers: { a: 1 }
                count: 3
                free: { a: [1, 1.30, true, "true", { b: }] }
                """)
            .orElseThrow();
    assertThat(said()).isEmpty();
    assertThat(bound.text()).isEqualTo("1.30");
    assertThat(bound.patience()).isEqualTo(Duration.ofMinutes(5));
    assertThat(bound.file()).isEqualTo(Path.of("/home/me/x"));
    assertThat(bound.mode()).isEqualTo(Mode.FIRST_COME);
    assertThat(bound.secret().reveal()).asString().isEqualTo("secret");
    assertThat(bound.inner()).isEqualTo(new Inner(1, Optional.empty()));
    assertThat(bound.list()).containsExactly("one");
    assertThat(bound.numbers()).isEqualTo(Map.of("a", 1));
    assertThat(bound.count()).hasValue(3);
    assertThat(bound.maybe()).isEmpty();
    assertThat(bound.free().toString()).isEqualTo("{a=[1, 1.30, true, true, {b={}}]}");
    assertThat(bound.position()).hasToString("p.yml:1:1");
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    assertThat(
            bind(
                Everything.class,
                """
                text: on
                whole: 1.5
                large: x
                flag: maybe
                patience: 5
                file: ~other/x
                mode: lats
                pod_cidr: 10.0.0.1/8
                taint: a
                host: W1
                secret: ${enf:A}
                inner: [1]
                list: { a: b }
                modes: [last, lsat]
                numbers: { a: b }
                maybe: [x]
                count: many
                fre: 1
                """))
        .isEmpty();
    assertThat(problems.errors())
        .extracting(problem -> problem.at().line())
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18);
  }

  @Test
  void aRecordOfOneKeyMayBeJustThatKey() {
    assertThat(bind(Packages.class, "[curl, git]")).contains(new Packages(List.of("curl", "git")));
    assertThat(bind(Packages.class, "curl")).contains(new Packages(List.of("curl")));
    assertThat(bind(Packages.class, "names: [curl]")).contains(new Packages(List.of("curl")));
    assertThat(bind(Command.class, "ls -l")).get().extracting(Command::line).isEqualTo("ls -l");
    assertThat(said()).isEmpty();
  }

  @Test
  void whatIsMissingOrUnknownIsNamedOnce() {
    assertThat(bind(Packages.class, "naems: [curl]")).isEmpty();
    assertThat(bind(Inner.class, "text: a")).isEmpty();
    assertThat(bind(Nothing.class, "{ a: 1 }")).isPresent();
    assertThat(said())
        .containsExactly(
            "p.yml:1:1: unknown key 'naems'. did you mean 'names'?",
            "p.yml:1:1: 'depth' is missing.",
            "p.yml:1:3: unknown key 'a'. nothing can be set here.");
  }

  @Test
  void numbersStayInTheirRange() {
    assertThat(bind(Bounded.class, "9")).contains(new Bounded(9));
    assertThat(bind(Bounded.class, "2147483648")).isEmpty();
    assertThat(bind(Bounded.class, "99999999999")).isEmpty();
    assertThat(said()).first().asString().contains("between -2147483648 and 2147483647");
  }

  @Test
  void whatTheRecordItselfRefusesIsAProblemWhereItWasWritten() {
    assertThat(bind(Picky.class, "\nlow: b\nhigh: a\n")).isEmpty();
    assertThat(said()).containsExactly("p.yml:2:1: low is above high.");
  }

  @Test
  void textOfSeveralLinesIsText() {
    assertThat(bind(Command.class, "line: |\n  a\n  b\n"))
        .get()
        .extracting(Command::line)
        .isEqualTo("a\nb\n");
  }
}
