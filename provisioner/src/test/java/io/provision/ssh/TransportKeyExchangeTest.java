package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.rehearsal.HybridServer;
import io.provision.remote.RemoteException.Unreachable;
import io.provision.remote.RemoteProcess.Exit;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** In which way keys are agreed on, whatever the library. */
class TransportKeyExchangeTest extends TransportFixture {
  private FakeSshd modern() throws Exception {
    var sshd = sshd();
    HybridServer.offer(sshd.server);
    return known(sshd);
  }

  private void config(String line) throws Exception {
    Files.writeString(home.resolve(".ssh/config"), line + "\n");
  }

  @Test
  void whatIsRecordedTodayCannotBeReadTomorrow() throws Exception {
    var sshd = modern();
    assertThat(login(host(sshd)).exec("status 0").waitFor()).isEqualTo(new Exit.Status(0));
    assertThat(sshd.exchanges).containsExactly("mlkem768x25519-sha256");
  }

  @Test
  void whoIsOlderIsLoggedInToAsBefore() throws Exception {
    var sshd = known(sshd());
    login(host(sshd));
    assertThat(sshd.exchanges).containsExactly("curve25519-sha256");
  }

  @Test
  void whatSshConfigSaysCounts() throws Exception {
    var sshd = modern();
    config("KexAlgorithms -mlkem*,curve*");
    login(host(sshd));
    assertThat(sshd.exchanges).containsExactly("ecdh-sha2-nistp256");
  }

  @Test
  void whereNothingIsLeftItIsSaidAndNobodyIsAsked() throws Exception {
    var sshd = modern();
    config("KexAlgorithms diffie-hellman-group1-sha1");
    assertThatThrownBy(() -> login(host(sshd)))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("KexAlgorithms 'diffie-hellman-group1-sha1' leaves nothing");
    assertThat(sshd.connections).hasValue(0);
  }
}
