package io.provision.rehearsal;

import io.provision.mina.Ed25519;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/**
 * This machine as a host, on a port of the loopback, for the rehearsal that the start-up cache is
 * recorded from. Only the key that is made with it may log in, and it ends with the rehearsal.
 */
final class PracticeHost implements AutoCloseable {
  static {
    Ed25519.register();
  }

  private final SshServer server = SshServer.setUpDefaultServer();

  private PracticeHost() {}

  /** Starts one whose {@code key} and {@code known_hosts} are written to this directory. */
  static PracticeHost start(Path directory) throws IOException, GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("Ed25519");
    var own = generator.generateKeyPair();
    var welcome = generator.generateKeyPair();
    var host = new PracticeHost();
    host.start(own, welcome);
    var line = "[127.0.0.1]:" + host.port() + " " + PublicKeyEntry.toString(own.getPublic());
    Files.writeString(directory.resolve("known_hosts"), line + "\n");
    write(welcome, directory.resolve("key"));
    return host;
  }

  private static void write(KeyPair key, Path file) throws IOException, GeneralSecurityException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (var out = Files.newOutputStream(file)) {
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "rehearsal", null, out);
    }
  }

  private void start(KeyPair own, KeyPair welcome) throws IOException {
    server.setHost("127.0.0.1");
    server.setPort(0);
    HybridServer.offer(server);
    server.setKeyPairProvider(KeyPairProvider.wrap(own));
    server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
    server.setPublickeyAuthenticator(
        (user, key, session) -> KeyUtils.compareKeys(key, welcome.getPublic()));
    server.setCommandFactory((channel, command) -> new Running(command));
    server.start();
  }

  int port() {
    return server.getPort();
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }

  /** A command of a shell, without a terminal. */
  private static final class Running implements Command {
    private final String command;
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private ExitCallback exit = (code, message, immediately) -> {};

    Running(String command) {
      this.command = command;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
      var _ = Thread.ofVirtual().start(() -> run(channel));
    }

    private void run(ChannelSession channel) {
      try {
        var process =
            new ProcessBuilder("/bin/sh", "-c", command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var _ = Thread.ofVirtual().start(() -> feed(process));
        process.getInputStream().transferTo(out);
        out.flush();
        exit.onExit(process.waitFor());
      } catch (IOException e) {
        var _ = channel.close(true);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void feed(Process process) {
      try (var to = process.getOutputStream()) {
        in.transferTo(to);
      } catch (IOException e) {
        return; // it has ended
      }
    }

    @Override
    public void destroy(ChannelSession channel) {
      // A command of the rehearsal ends by itself.
    }

    @Override
    public void setInputStream(InputStream stream) {
      in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
      out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
      // What it complains about is nobody's business here.
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
      exit = callback;
    }
  }
}
