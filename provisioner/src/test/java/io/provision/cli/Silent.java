package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.console.Display;
import io.provision.console.Operator;
import io.provision.console.Problem;
import io.provision.console.text.Table;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunListener;
import io.provision.model.Secret;
import io.provision.step.doctor.Examined;
import java.util.List;
import java.util.Optional;

/** Says nothing, and answers as one who types; an error that is said fails the test. */
public record Silent() implements Display {
  @Override
  public RunListener listener() {
    return _ -> {};
  }

  @Override
  public Operator operator() {
    return new Typist();
  }

  @Override
  public void say(String line) {}

  @Override
  public void raw(String text) {}

  @Override
  public void table(String title, Table table) {}

  @Override
  public void examined(List<Examined> all) {}

  @Override
  public void problems(List<Problem> problems) {
    assertThat(problems).noneMatch(it -> it.level() == Problem.Level.ERROR);
  }

  @Override
  public void remark(String line) {}

  @Override
  public void onlyCounts() {}

  @Override
  public int end(Optional<Report> report, int exit, int lost) {
    return exit;
  }

  @Override
  public void abandon(int exit) {}

  /** Somebody is there who types a password whenever one is asked for. */
  private record Typist() implements Operator {
    @Override
    public boolean present() {
      return true;
    }

    @Override
    public boolean agrees(List<String> shown, String question) {
      return false;
    }

    @Override
    public Optional<String> answer(List<String> shown, String question) {
      return Optional.empty();
    }

    @Override
    public Optional<Secret> password(String prompt) {
      return Optional.of(Secret.of("typed"));
    }
  }
}
