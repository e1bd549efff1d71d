package io.provision.remote;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Counts what is asked of locked sessions: each costs a round trip. */
public final class CountedRequests implements Interposed.Between {
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** Requests since this was asked last, taking a lock not among them. */
  public int taken() {
    var taken = requests.size();
    requests.clear();
    return taken;
  }

  /** How long each may take on the host, in seconds. */
  public List<Long> deadlines() {
    return requests.stream()
        .map(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .toList();
  }

  @Override
  public RemoteProcess exec(String host, String command, Connection connection)
      throws RemoteException {
    var process = connection.exec(command);
    return new OtherStdin(process, counted(process.stdin()));
  }

  private OutputStream counted(OutputStream stdin) {
    return new FilterOutputStream(stdin) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        var line = new String(bytes, offset, length, StandardCharsets.UTF_8);
        if (line.startsWith("run ")) {
          requests.add(line.strip());
        }
        out.write(bytes, offset, length);
      }
    };
  }
}
