package io.provision.steps.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Measured;
import io.provision.step.doctor.Measurement;
import io.provision.step.doctor.Measuring;
import io.provision.steps.kubernetes.Cases;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of the disk under a datastore. */
final class DiskTrialTest {
  private final Host cp1 = Cases.server(1);
  private final Host w1 = Cases.agent(1);

  private DiskTrial trial() {
    return DiskTrial.of(Cases.inventory(cp1, w1), Set.of(cp1.name(), w1.name()));
  }

  private List<Diagnosis> of(String said) throws InterruptedException {
    var all = trial().examined(new Said(Map.of(cp1.name(), said)));
    assertThat(all)
        .singleElement()
        .satisfies(it -> assertThat(it.of() + " " + it.examination()).isEqualTo("cp1 disk"));
    return all.getFirst().found();
  }

  private void warned(String said, String... texts) throws InterruptedException {
    assertThat(of(said))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.severity()).isEqualTo(Diagnosis.Severity.WARNING);
          assertThat(it.evidence()).contains(texts);
          assertThat(it.remedy()).isNotEmpty();
        });
  }

  @Test
  void onlyWhoHasADatastoreAndAnsweredIsMeasured() {
    assertThat(trial().hosts()).containsExactly(cp1.name());
    assertThat(DiskTrial.of(Cases.inventory(cp1, w1), Set.of(w1.name())).hosts()).isEmpty();
  }

  @Test
  void aDiskIsAsFastAsItsMean() throws InterruptedException {
    assertThat(of("place=/var/lib\nmillis=1000\nwrites=100")).isEmpty();
    warned(
        "place=/var/lib\nmillis=1100\nwrites=100",
        "takes 11 ms",
        "under /var/lib (the mean of 100)");
    warned("place=/var/lib\nmillis=5000\nwrites=0", "took more than 5 s");
    warned(
        "place=/var/lib\nerror=dd: No space left on device",
        "does not let anything be written under /var/lib",
        "No space left");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\0\0", "millis=", "millis=x\nwrites=100", "=", "a b\nc"})
  void nonsenseIsNoMeasurement(String said) throws InterruptedException {
    warned(said, "does not let anything be written under /");
  }

  @Test
  void whoDoesNotAnswerIsNamedWithTheReason() throws InterruptedException {
    assertThat(trial().examined(new Said(Map.of())).getFirst().found())
        .extracting(Diagnosis::evidence)
        .containsExactly("did not say how fast its disk is: no route");
  }

  private record Said(Map<HostName, String> lines) implements Measuring {
    @Override
    public <A> Measured<A> take(Measurement<A> measurement) {
      var answers = new HashMap<HostName, A>();
      var never = new HashMap<HostName, String>();
      for (var host : measurement.arguments().keySet()) {
        if (lines.containsKey(host)) {
          answers.put(host, measurement.reader().apply(new Frame(0, lines.getOrDefault(host, ""))));
        } else {
          never.put(host, "no route");
        }
      }
      return new Measured<>(answers, never);
    }

    @Override
    public <A> Measured<A> put(Measurement<A> measurement) {
      throw new IllegalStateException("nothing stays there");
    }

    @Override
    public void takeAway(Measurement<?> removal) {
      throw new IllegalStateException("nothing was put there");
    }

    @Override
    public void close() {}
  }
}
