package io.provision.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.command.CommandFactory;

/** The commands of {@link FakeSshd}, most of which misbehave in one way. */
final class FakeCommands implements CommandFactory {
  private final List<String> seen;

  FakeCommands(List<String> seen) {
    this.seen = seen;
  }

  @Override
  public Command createCommand(ChannelSession channel, String command) {
    seen.add(command);
    return new Running(command.split(" "));
  }

  private static final class Running implements Command {
    private final String[] words;
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private OutputStream err = OutputStream.nullOutputStream();
    private ExitCallback exit = (code, message, immediately) -> {};

    Running(String... words) {
      this.words = words;
    }

    @Override
    public void start(ChannelSession channel, Environment env) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              run(channel);
            } catch (IOException | InterruptedException e) {
              var _ = channel.close(true);
            }
          });
    }

    private void run(ChannelSession channel) throws IOException, InterruptedException {
      switch (words[0]) {
        case "status" -> exit.onExit(Integer.parseInt(words[1]));
        case "echo" -> {
          in.transferTo(out);
          out.flush();
          exit.onExit(0);
        }
        case "flood" -> flood(Integer.parseInt(words[1]));
        case "signal" -> {
          signal(channel, words[1]);
          var _ = channel.close(false);
        }
        case "say" -> {
          out.write(words[1].getBytes(java.nio.charset.StandardCharsets.UTF_8));
          out.flush();
          exit.onExit(0);
        }
        case "no-status" -> {
          out.write('x');
          out.flush();
          var _ = channel.close(false);
        }
        case "drop" -> {
          out.write('x');
          out.flush();
          if (in.read() < 0) { // what was written has arrived when it is answered
            throw new IOException("nobody answered");
          }
          var _ = channel.getSession().close(true);
        }
        case "deaf" -> {
          Thread.sleep(50);
          exit.onExit(3);
        }
        case "hang" -> Thread.sleep(60_000);
        default -> throw new IOException("a command nobody taught: " + words[0]);
      }
    }

    private void flood(int bytes) throws IOException, InterruptedException {
      var other = Thread.ofVirtual().start(() -> fill(err, bytes, (byte) 'e'));
      fill(out, bytes, (byte) 'o');
      other.join();
      exit.onExit(0);
    }

    private static void fill(OutputStream to, int bytes, byte with) {
      var block = new byte[8192];
      java.util.Arrays.fill(block, with);
      try {
        for (int left = bytes; left > 0; left -= block.length) {
          to.write(block, 0, Math.min(left, block.length));
        }
        to.flush();
      } catch (IOException e) {
        return;
      }
    }

    private static void signal(ChannelSession channel, String name) throws IOException {
      var session = channel.getSession();
      var buffer = session.createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
      buffer.putUInt(channel.getRecipient());
      buffer.putString("exit-signal");
      buffer.putBoolean(false);
      buffer.putString(name);
      buffer.putBoolean(false);
      buffer.putString("");
      buffer.putString("");
      var _ = session.writePacket(buffer);
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
      err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
      exit = callback;
    }

    @Override
    public void destroy(ChannelSession channel) {
      // A thread that still runs ends with its next write.
    }
  }
}
