package io.provision.cli.first;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.cli.run.Refused;
import io.provision.console.Operator;
import io.provision.model.Secret;
import io.provision.model.SshSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked at a terminal where no host was typed. */
final class FirstQuestionsTest {
  @TempDir Path directory;
  private final List<String> seen = new ArrayList<>();

  private FirstQuestions typing(boolean agrees, String... answers) {
    var left = new ArrayDeque<>(List.of(answers));
    return new FirstQuestions(
        new Operator() {
          @Override
          public boolean present() {
            return true;
          }

          @Override
          public boolean agrees(List<String> shown, String question) {
            seen.add(question);
            return agrees;
          }

          @Override
          public Optional<String> answer(List<String> shown, String question) {
            seen.addAll(shown);
            seen.add(question);
            return Optional.of(left.removeFirst()).filter(it -> !it.isEmpty());
          }

          @Override
          public Optional<Secret> password(String prompt) {
            throw new IllegalStateException("nobody asks for one");
          }
        });
  }

  @Test
  void whoTypesNothingGetsWhatIsUsual() throws Refused {
    var wanted = new WishOptions();
    var hosts = wanted.asked(typing(false, "", "admin@10.0.0.1-3, nas", "", "", ""));
    assertThat(hosts).containsExactly("admin@10.0.0.1-3", "nas");
    var wish = wanted.wish(List.of(), new TypedHosts(wanted.ssh()).of(hosts));
    assertThat(wish.cluster()).isEqualTo("home");
    assertThat(wish.distribution().name()).isEqualTo("k3s");
    assertThat(wish.controlPlanes()).isEqualTo(1);
    assertThat(wish.ssh()).isEmpty();
    assertThat(seen)
        .containsSubsequence(
            "name of the cluster [home]",
            "distribution (k3s, kubeadm, none) [k3s]",
            "how many of the 4 are control planes [1]");
  }

  @Test
  void answersAreTakenAndSlipsAreAskedAgain() throws Exception {
    var key = Files.writeString(directory.resolve("key"), "x");
    var wanted = new WishOptions();
    var hosts =
        wanted.asked(
            typing(
                true,
                directory.resolve("none").toString(),
                key.toString(),
                "a@b@c",
                "10.0.0.1-3",
                "A B",
                "rack",
                "k8s",
                "kubeadm",
                "4",
                "3"));
    var wish = wanted.wish(List.of(), new TypedHosts(wanted.ssh()).of(hosts));
    assertThat(wish.cluster()).isEqualTo("rack");
    assertThat(wish.distribution().name()).isEqualTo("kubeadm");
    assertThat(wish.controlPlanes()).isEqualTo(3);
    assertThat(wish.ssh()).containsExactly("key: \"%s\"".formatted(key), "host_keys: accept-new");
    assertThat(wanted.ssh().hostKeys()).isEqualTo(SshSettings.HostKeys.ACCEPT_NEW);
    assertThat(seen)
        .anyMatch(line -> line.contains("cannot be read"))
        .anyMatch(line -> line.contains("[user@]host[:port]"))
        .anyMatch(line -> line.contains("not a valid cluster name"))
        .anyMatch(line -> line.contains("'k8s' is not one of"))
        .anyMatch(line -> line.contains("'4' is not one of 1 to 3"));
  }

  @Test
  void whatIsRefusedThreeTimesIsRefused() {
    assertThatThrownBy(() -> new WishOptions().asked(typing(false, "", "", "a@b@c", "")))
        .isInstanceOf(Refused.class);
    assertThat(seen.stream().filter(line -> line.startsWith("hosts (")).toList()).hasSize(3);
  }

  @Test
  void oneHostIsNotAskedHowManyAreControlPlanes() throws IOException, Refused {
    var _ = new WishOptions().asked(typing(false, "", "10.0.0.1", "", ""));
    assertThat(seen).noneMatch(line -> line.contains("how many"));
  }
}
