package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.playbook.Play;
import io.provision.steps.Catalog;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code rotate --advise} prints, and that it only looks. */
final class RotateAdviceTest {
  @TempDir Path directory;
  private final FakeProgram program = new FakeProgram();

  @Test
  void whatTheClusterSaysIsPrintedAsItIs() {
    program.advice = "# read this\n---\nkind: PodDisruptionBudget\n";
    var typed = Session.type(program, directory, "rotate", "a.yml", "--advise");
    assertThat(typed.out()).isEqualTo(program.advice);
    assertThat(typed.exit()).isZero();
    assertThat(program.requests)
        .singleElement()
        .satisfies(it -> {
          assertThat(it.playbook().plays().getLast()).isInstanceOf(Play.OnCluster.class);
          assertThat(it.options().only()).containsExactly("spread-advice");
        });
  }

  @Test
  void whatGoesNotWithItIsRefusedAndNotLeftOut() {
    for (var other :
        List.of("--dry-run", "--now", "--install-timer", "--remove-timer", "--without-room")) {
      var typed = Session.type(program, directory, "rotate", "a.yml", "--advise", other);
      assertThat(typed.exit()).as(other).isEqualTo(2);
      assertThat(typed.err()).as(other).contains("--advise");
    }
    var aged = Session.type(program, directory, "rotate", "a.yml", "--advise", "--older-than=9d");
    assertThat(aged.exit()).isEqualTo(2);
    var removed =
        Session.type(program, directory, "rotate", "a.yml", "--remove-timer", "--older-than=9d");
    assertThat(removed.exit()).isEqualTo(2);
    assertThat(removed.err()).contains("--older-than");
    assertThat(program.requests).isEmpty();
  }

  @Test
  void whereTheClusterWasNotHeardThatIsAFailure() {
    program.advice = "";
    var typed = Session.type(program, directory, "rotate", "a.yml", "--advise");
    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.err()).contains("the cluster's API was not asked");
    assertThat(typed.out()).doesNotContain("kind:");
    assertThat(Catalog.adviceText().name()).isEqualTo("spread-advice");
  }
}
