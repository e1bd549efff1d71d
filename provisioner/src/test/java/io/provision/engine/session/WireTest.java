package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.session.Wire.Processors;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What it is that a transfer waits for. */
final class WireTest {
  private static final long MIB = 1 << 20;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Wire wire = new Wire();

  @Test
  void nothingIsKnownBeforeAnythingWentOverIt() {
    assertThat(wire.isKnown()).isFalse();
    assertThat(wire.isSlow()).isFalse();
  }

  @Test
  void itIsSlowBySixteenMebibytesASecond() {
    wire.took(16 * MIB, SECOND, OptionalDouble.of(0.2));
    assertThat(wire.isKnown()).isTrue();
    assertThat(wire.isSlow()).isFalse();
    wire.took(16 * MIB - 1, SECOND, OptionalDouble.of(0.2));
    assertThat(wire.isSlow()).isTrue();
    assertThat(wire.rate()).hasValue(16 * MIB - 1);
  }

  @Test
  void whereTheProcessorsHadNoTimeItIsNotTheWire() {
    wire.took(MIB, SECOND, OptionalDouble.of(0.91));
    assertThat(wire.isSlow()).isFalse();
    assertThat(wire.isKnown()).isTrue();
    wire.took(MIB, SECOND, OptionalDouble.of(0.9));
    assertThat(wire.isSlow()).isTrue();
  }

  @Test
  void whereNobodySaysWhatTheProcessorsDidTheTimeCounts() {
    wire.took(MIB, SECOND, OptionalDouble.empty());
    assertThat(wire.isSlow()).isTrue();
  }

  @Test
  void whatTookNoTimeIsFast() {
    wire.took(MIB, Duration.ZERO, OptionalDouble.empty());
    assertThat(wire.isSlow()).isFalse();
  }

  @Test
  void whatIsIdleOrNiceOrWaitsForADiskGivesWay() {
    var before = Processors.parse("cpu  100 1000 50 7000 300 5 5 40 9 9").orElseThrow();
    assertThat(before).isEqualTo(new Processors(200, 8500));
    var after = Processors.parse("cpu  130 1010 55 7020 310 10 10 55 0 0").orElseThrow();
    assertThat(after.load(before)).hasValue(0.6);
  }

  @Test
  void ofNoTimeAtAllNothingIsSaid() {
    var now = new Processors(200, 8500);
    assertThat(now.load(now)).isEmpty();
  }

  @Test
  void whatIsNoSuchLineSaysNothing() {
    for (var line :
        new String[] {
          "",
          "cpu",
          "cpu 1 2 3 4 5 6 7",
          "cpu0 1 2 3 4 5 6 7 8",
          "cpu 1 2 3 4 5 6 7 x",
          "cpu 1 2 3 4 5 6 7 99999999999999999999"
        }) {
      assertThat(Processors.parse(line)).as(line).isEqualTo(Optional.empty());
    }
  }

  @Test
  void thisMachineSaysIt() {
    assertThat(Processors.now()).hasValueSatisfying(it -> assertThat(it.all()).isPositive());
  }
}
