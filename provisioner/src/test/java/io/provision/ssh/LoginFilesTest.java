package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has to lie elsewhere for the same logins to go from there. */
final class LoginFilesTest {
  @TempDir Path home;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(home.resolve(".ssh/more"));
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(home.resolve(name), text);
  }

  private LoginFiles of(String address) {
    var here =
        new Workstation(
            home, "me", home.resolve("etc/ssh_config"), home.resolve("etc/known"), Map.of());
    return LoginFiles.of(List.of(new TestHost(address, 0).user("").host()), here);
  }

  @Test
  void configurationsWithWhatTheyIncludeKeysAndKnownHosts() throws IOException {
    var config = file(".ssh/config", "Include more/*\nHost *\n  ProxyJump gate\n");
    var included = file(".ssh/more/home", "Host gate\n  IdentityFile ~/.ssh/gate\n");
    var gate = file(".ssh/gate", "key");
    var key = file(".ssh/id_ed25519", "key");
    var certificate = file(".ssh/id_ed25519-cert.pub", "certificate");
    var known = file(".ssh/known_hosts", "hosts");
    var found = of("example.org");
    assertThat(found.obstacles()).isEmpty();
    assertThat(found.keys()).containsExactlyInAnyOrder(key, gate);
    assertThat(found.files()).containsExactlyInAnyOrder(config, included, certificate, known);
  }

  @Test
  void whoseKeyOnlyAnAgentHasCannotLogInFromElsewhere() {
    assertThat(of("example.org").obstacles())
        .singleElement()
        .asString()
        .contains("neither a key in a file nor a password");
  }

  @Test
  void aProgramOfThisMachineIsNotThereElsewhere() throws IOException {
    file(".ssh/id_ed25519", "key");
    file(".ssh/config", "Host *\n  ProxyCommand /opt/way %h\n");
    assertThat(of("example.org").obstacles()).singleElement().asString().contains("ProxyCommand");
  }
}
