package io.provision.remote;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What stands below {@code /run/provision} and {@code /var/lib/provision}, and where k3s and
 * kubeadm have their files, is below a directory of each host instead, in looks, sessions and what
 * sessions are told to run: so that the product's own commands about locks and claims can be given
 * to a {@link LocalShell}.
 */
public record Moved(Path hosts) implements Interposed.Between {
  private static final Pattern PACKED = Pattern.compile("(?<=printf %s ')[A-Za-z0-9+/=]+(?=')");

  @Override
  public RemoteProcess exec(String host, String command, Connection connection)
      throws RemoteException {
    var inside =
        PACKED
            .matcher(command)
            .replaceAll(packed -> Matcher.quoteReplacement(repacked(host, packed.group())));
    var process = connection.exec(moved(host, inside));
    return new OtherStdin(process, new Requests(process.stdin(), text -> moved(host, text)));
  }

  private String moved(String host, String text) {
    var own = hosts.resolve(host);
    return text.replace("/run/provision", own.toString())
        .replace("/var/lib/provision", own.toString())
        .replace("/var/lib/rancher", own + "/rancher")
        .replace("/etc/rancher", own + "/etc-rancher")
        .replace("/usr/local/bin/k3s", own + "/k3s")
        .replace("/etc/kubernetes", own + "/etc-kubernetes")
        .replace("/var/lib/etcd", own + "/etcd-data")
        .replace("/usr/local/bin/kubectl", own + "/kubectl");
  }

  private String repacked(String host, String packed) {
    var bytes = new ByteArrayOutputStream();
    try (var in =
            new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed)));
        var out = new GZIPOutputStream(bytes)) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      out.write(moved(host, text).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /**
   * Requests as {@link Session} writes them: a line with the sizes of what follows, the script, and
   * its payload, which is passed on as it is.
   */
  private static final class Requests extends FilterOutputStream {
    private final java.util.function.UnaryOperator<String> moved;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private long payload;

    Requests(OutputStream out, java.util.function.UnaryOperator<String> moved) {
      super(out);
      this.moved = moved;
    }

    @Override
    public void write(int one) {
      held.write(one);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      var passed = (int) Math.min(payload, length);
      out.write(bytes, offset, passed);
      payload -= passed;
      held.write(bytes, offset + passed, length - passed);
    }

    @Override
    public void flush() throws IOException {
      var text = held.toString(StandardCharsets.UTF_8);
      var line = text.indexOf('\n') + 1;
      var words = text.substring(0, line).strip().split(" ");
      if (words.length == 5 && text.length() >= line + Integer.parseInt(words[2])) {
        var script = moved.apply(text.substring(line));
        words[2] = Integer.toString(script.getBytes(StandardCharsets.UTF_8).length);
        out.write((String.join(" ", words) + "\n" + script).getBytes(StandardCharsets.UTF_8));
        payload = Long.parseLong(words[3]);
        held.reset();
      }
      out.flush();
    }
  }
}
