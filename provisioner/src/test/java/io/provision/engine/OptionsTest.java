package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.TargetName;
import io.provision.model.HostName;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a run may change. */
final class OptionsTest {
  private static final TargetName A = TargetName.of(new HostName("a"));
  private static final TargetName B = TargetName.of(new HostName("b"));

  private static Options options(
      Optional<Set<TargetName>> limit, Set<String> only, Set<String> skip) {
    return new Options(limit, only, skip, 8, "me", Duration.ofMinutes(1));
  }

  @Test
  void withoutAnyWordAllMayBeChanged() {
    var all = options(Optional.empty(), Set.of(), Set.of());
    assertThat(all.narrows()).isFalse();
    assertThat(all.includes(A)).isTrue();
    assertThat(all.selects(A, "file")).isTrue();
  }

  @Test
  void underALimitNobodyElseIsChanged() {
    var limited = options(Optional.of(Set.of(A)), Set.of(), Set.of());
    assertThat(limited.narrows()).isTrue();
    assertThat(limited.selects(A, "file")).isTrue();
    assertThat(limited.includes(B)).isFalse();
    assertThat(limited.selects(B, "file")).isFalse();
    assertThat(options(Optional.of(Set.of()), Set.of(), Set.of()).includes(A))
        .as("a limit to nobody")
        .isFalse();
  }

  @Test
  void onlyNamesTheStepsAndSkipTakesSomeOut() {
    var only = options(Optional.empty(), Set.of("file", "unit"), Set.of("unit"));
    assertThat(only.narrows()).isTrue();
    assertThat(only.selects(A, "file")).isTrue();
    assertThat(only.selects(A, "unit")).isFalse();
    assertThat(only.selects(A, "swap")).isFalse();
    var skip = options(Optional.empty(), Set.of(), Set.of("unit"));
    assertThat(skip.narrows()).isTrue();
    assertThat(skip.selects(A, "unit")).isFalse();
    assertThat(skip.selects(A, "file")).isTrue();
  }
}
