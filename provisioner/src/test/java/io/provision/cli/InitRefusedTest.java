package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What `init` says before it asks anybody, and of those who do not answer. */
final class InitRefusedTest {
  @TempDir Path directory;
  private final FakeProgram program = new FakeProgram();
  private Path out = Path.of("");

  @BeforeEach
  void start() {
    out = directory.resolve("first.yml");
  }

  private Session init(String... words) {
    var line = new ArrayList<>(List.of("init"));
    line.addAll(List.of(words));
    line.addAll(List.of("--out", out.toString()));
    return Session.type(program, directory, line.toArray(String[]::new));
  }

  private void refused(Session session, String... texts) {
    assertThat(session.exit()).isEqualTo(2);
    assertThat(session.err()).contains(texts);
    assertThat(program.requests).isEmpty();
    assertThat(out).doesNotExist();
  }

  @Test
  void whatIsTypedWrongIsRefusedByName() {
    refused(init(), "name the hosts");
    refused(init("a@b@c"), "a@b@c", "[user@]host[:port]");
    refused(init("10.0.0.1", "--control-planes", "2"), "--control-planes", "2 of 1");
    refused(init("10.0.0.1", "--control-planes", "0"), "--control-planes");
    refused(init("10.0.0.1", "--name", "a: b"), "--name", "not a valid cluster name");
    refused(init("10.0.0.1", "--distribution", "k8s"), "--distribution", "k3s, kubeadm, none");
    refused(init("10.0.0.1", "--release", "v1.36.4"), "--release", "+k3s1");
    refused(init("10.0.0.1", "--release", "new"), "--release");
    refused(init("10.0.0.1", "--vagrant", "--ssh-config", "/dev/null"), "--ssh-config");
  }

  @Test
  void whatAnotherToolsFileSaysIsNotTypedBesides() throws IOException {
    var hosts = directory.resolve("hosts.ini");
    Files.writeString(hosts, "[server]\na ansible_host=10.0.0.1\n");
    for (var word :
        List.of("10.0.0.2", "--accept-new", "--vagrant", "--key=/k", "--release=v1.36.4+k3s1")) {
      refused(init("--from", hosts.toString(), word), word.replaceFirst("=.*", ""));
    }
    refused(init("--from", "/nowhere/hosts.ini"), "/nowhere/hosts.ini", "cannot be read");
    var session = init("--from", hosts.toString());
    assertThat(session.exit()).as(session.err()).isZero();
    assertThat(out).content().contains("a: { address: 10.0.0.1, roles: [control-plane] }");
    assertThat(program.requests).isEmpty();
  }

  @Test
  void noFileIsOverwritten() throws IOException {
    Files.writeString(out, "mine\n");
    var session = init("10.0.0.1");
    assertThat(session.exit()).isEqualTo(2);
    assertThat(session.err()).contains("is there already", "--out");
    assertThat(out).hasContent("mine\n");
    out = directory.resolve("nowhere/first.yml");
    assertThat(init("10.0.0.1").err()).contains("its directory is not there");
    assertThat(program.requests).isEmpty();
  }

  @Test
  void whereAHostWasNotSeenNothingIsWritten() {
    program.outcome = new Outcome.Ok();
    var session = init("me@10.0.0.1-2");
    assertThat(program.requests).hasSize(1);
    assertThat(program.requests.getFirst().inventory().hosts()).hasSize(2);
    assertThat(session.out() + session.err()).contains("nothing was written");
    assertThat(out).doesNotExist();
  }
}
