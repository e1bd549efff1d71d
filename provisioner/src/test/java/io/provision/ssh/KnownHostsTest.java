package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownHostsTest {
  private static final HostKey KEY = TestKeys.hostKey(TestKeys.ed25519());
  private static final HostKey OTHER = TestKeys.hostKey(TestKeys.ecdsa());

  @TempDir Path directory;

  private KnownHosts reading(String text) throws Exception {
    return KnownHosts.read(Files.writeString(directory.resolve("known_hosts"), text));
  }

  private static List<Integer> numbers(KnownHosts known, String name) {
    return known.lines(name).stream().map(KnownHostsLine::number).toList();
  }

  @Test
  void findsNamesListsPatternsAndHashes() throws Exception {
    var known =
        reading(
            String.join(
                "\n",
                "# comment",
                "Web.example.org,10.0.0.1 " + KEY.line() + " with a comment",
                "*.example.org,!db.example.org " + OTHER.line(),
                HashedName.of("db.example.org") + " " + KEY.line(),
                "[web.example.org]:2222 " + KEY.line()));
    assertThat(numbers(known, "web.example.org")).containsExactly(2, 3);
    assertThat(numbers(known, "10.0.0.1")).containsExactly(2);
    assertThat(numbers(known, "db.example.org")).containsExactly(4);
    assertThat(numbers(known, "[web.example.org]:2222")).containsExactly(5);
    assertThat(numbers(known, "10.0.0.2")).isEmpty();
  }

  @Test
  void hashesAsSshKeygenDoes() throws Exception {
    var known =
        reading(
            "|1|cwU+AqZGzB7OOgBoq1cKHrvXqeE=|wTWm+r50wOkxSAJe3/0x8D/2An4="
                + " ssh-ed25519"
                + " AAAAC3NzaC1lZDI1NTE5AAAAIFN/j4ZxX17QwUoSzFEWmH4oZ01+lSeSZEaoqudq+z9i\n"
                + (HashedName.of("h") + " " + KEY.line() + "\n")
                + ("|1|" + "x".repeat(8) + " " + KEY.line() + "\n")
                + ("|1||eHg= " + KEY.line()));
    assertThat(numbers(known, "[bastion.example.org]:2222")).containsExactly(1);
    assertThat(known.lines("[bastion.example.org]:2222").getFirst().key().fingerprint())
        .isEqualTo("SHA256:ofTybqT9Cb1dqWSaapuERUKHfoQ+vD6I0bbqfqoulrM");
    assertThat(numbers(known, "bastion.example.org")).isEmpty();
    assertThat(numbers(known, "h")).containsExactly(2);
    assertThat(numbers(known, "i")).isEmpty();
    assertThat(known.warnings()).hasSize(2).allMatch(warning -> warning.contains("not understood"));
  }

  @Test
  void namesLinesItDoesNotUse() throws Exception {
    var known =
        reading(
            "h ssh-ed25519\nh ssh-rsa %s\n@cert-authority * %s\n@odd h %s\nh %s\n"
                .formatted(KEY.line().split(" ", 2)[1], KEY.line(), KEY.line(), KEY.line()));
    assertThat(numbers(known, "h")).containsExactly(5);
    assertThat(known.warnings()).hasSize(4);
    assertThat(known.warnings().get(2)).contains(":3:", "certificate authorities");
  }

  @Test
  void aFileThatIsNotThereKnowsNobodyAndIsMadeForItsOwnerOnly() throws Exception {
    var file = directory.resolve("new/known_hosts");
    var known = KnownHosts.read(file);
    assertThat(known.lines("h")).isEmpty();
    new WrittenKeys().accept(known, Map.of("h", List.of(KEY, OTHER)));
    assertThat(Files.readString(file)).isEqualTo("h " + KEY.line() + "\nh " + OTHER.line() + "\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(known.lines("h")).hasSize(2);
  }

  @Test
  void addsAfterALineWithoutEndAndOnlyWhatIsNew() throws Exception {
    var known = reading("h " + KEY.line());
    new WrittenKeys().accept(known, Map.of("h", List.of(KEY, OTHER)));
    assertThat(Files.readAllLines(known.file()))
        .containsExactly("h " + KEY.line(), "h " + OTHER.line());
  }

  @Test
  void addsHashedNamesWhereNamesAreHashed() throws Exception {
    var known = reading(HashedName.of("a") + " " + KEY.line() + "\n");
    new WrittenKeys().accept(known, Map.of("secret-name", List.of(OTHER)));
    assertThat(Files.readString(known.file())).doesNotContain("secret-name");
    assertThat(numbers(KnownHosts.read(known.file()), "secret-name")).containsExactly(2);
  }

  @Test
  void keepsEveryKeyThatManyThreadsAdd() throws Exception {
    var file = directory.resolve("known_hosts");
    var indexes = List.of(KnownHosts.read(file), KnownHosts.read(file));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < 100; i++) {
        var name = "h" + i;
        var index = indexes.get(i % 2);
        all.add(
            threads.submit(() -> {
              new WrittenKeys().accept(index, Map.of(name, List.of(KEY)));
              return null;
            }));
      }
      for (var each : all) {
        each.get();
      }
    }
    assertThat(Files.readAllLines(file)).hasSize(100).allMatch(line -> line.endsWith(KEY.line()));
  }
}
