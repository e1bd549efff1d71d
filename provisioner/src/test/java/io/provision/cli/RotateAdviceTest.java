package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.playbook.Play;
import io.provision.steps.Catalog;
import java.nio.file.Path;
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
  void whereTheClusterWasNotHeardThatIsAFailure() {
    program.advice = "";
    var typed = Session.type(program, directory, "rotate", "a.yml", "--advise");
    assertThat(typed.exit()).isEqualTo(1);
    assertThat(typed.err()).contains("the cluster's API was not asked");
    assertThat(typed.out()).doesNotContain("kind:");
    assertThat(Catalog.adviceText().name()).isEqualTo("spread-advice");
  }
}
