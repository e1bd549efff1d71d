package io.provision.engine.session;

import io.provision.desk.Desk;
import io.provision.desk.DeskException;
import io.provision.model.Sha256;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.Payload;
import io.provision.remote.PayloadStream;
import io.provision.remote.PayloadStream.Portion;
import io.provision.remote.Script;
import io.provision.remote.Session;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Files that go to hosts, large ones among them: each is found, and compressed where that makes it
 * smaller, once for all hosts, and a host that has a beginning of one gets the rest of it. Whether
 * it is a beginning its digest tells; what it becomes with the rest the host compares itself.
 */
final class Uploads {
  private static final Duration LONG = Duration.ofMinutes(30);

  /** In bytes; less is there before it is worth a question, or a compression. */
  static final long LARGE = 8L << 20;

  /** Of what is sent to see how fast a connection is, in bytes; and of what is worth that. */
  private static final long TRIED = 4L << 20;

  private static final long WORTH_TRYING = 32L << 20;

  private static final Pattern PART = Pattern.compile("(\\d{1,15}) ([0-9a-f]{64})");

  private final Desk desk;
  private final Once<Payload.Stored, Found> files = new Once<>();
  private final Once<Path, Optional<PackedFile>> packed = new Once<>();

  Uploads(Desk desk) {
    this.desk = desk;
  }

  /**
   * A file, once it was found: what it is to hosts for the rest of a run. One that changes
   * meanwhile is told as it is sent.
   */
  private record Found(Path path, long size) {}

  /**
   * What one host has of files that were sent to it in part.
   *
   * @param sizes of beginnings, in bytes, by what asks for them
   */
  record Parts(Map<Call, Long> sizes) {
    static final Parts NONE = new Parts(Map.of());

    Parts {
      sizes = Map.copyOf(sizes);
    }

    private long of(Payload.Upload upload) {
      return sizes.getOrDefault(upload.part(), 0L);
    }

    private Parts with(Payload.Upload upload, long size) {
      var all = new LinkedHashMap<>(sizes);
      all.put(upload.part(), size);
      return new Parts(all);
    }
  }

  /** The large ones among the payloads of these. */
  List<Payload.Upload> large(List<Script> scripts) throws DeskException {
    var large = new ArrayList<Payload.Upload>();
    for (var script : scripts) {
      for (var payload : script.payloads()) {
        if (payload instanceof Payload.Upload upload && file(upload).size() >= LARGE) {
          large.add(upload);
        }
      }
    }
    return large;
  }

  /**
   * What a host has of these.
   *
   * @param answers to what asks for parts, in the order of these
   */
  Parts parts(List<Payload.Upload> uploads, List<Frame> answers) throws DeskException {
    var parts = Parts.NONE;
    for (var i = 0; i < uploads.size() && i < answers.size(); i++) {
      var answer = PART.matcher(answers.get(i).output().strip());
      if (answer.matches()) {
        var file = file(uploads.get(i));
        var size = Long.parseLong(answer.group(1));
        if (size <= file.size() && digest(file.path(), size).equals(new Sha256(answer.group(2)))) {
          parts = parts.with(uploads.get(i), size);
        }
      }
    }
    return parts;
  }

  /** What a person is told of parts that are there; nothing where there are none. */
  List<String> told(List<Payload.Upload> uploads, Parts parts) throws DeskException {
    var told = new ArrayList<String>();
    for (var upload : uploads) {
      if (parts.of(upload) > 0) {
        told.add(
            "%s: %d of %d MiB are there since before"
                .formatted(name(upload.of()), parts.of(upload) >> 20, file(upload).size() >> 20));
      }
    }
    return told;
  }

  private static String name(Payload.Stored stored) {
    return switch (stored) {
      case Payload.LocalFile(var file, _) -> file.toString();
      case Payload.Artifact(var id, _) -> id;
    };
  }

  /**
   * The beginning of the first of these, which is sent to see how fast the connection is; nothing
   * where little is to be sent.
   */
  Optional<Session.Loaded> trial(List<Payload.Upload> uploads) throws DeskException {
    var all = 0L;
    for (var upload : uploads) {
      all += file(upload).size();
    }
    if (all < WORTH_TRYING) {
      return Optional.empty();
    }
    var upload = uploads.getFirst();
    var stream = plain(file(upload), 0, TRIED);
    var script = new Script(upload.begin(), List.of(upload), LONG);
    return Optional.of(new Session.Loaded(script, List.of(stream)));
  }

  /** With what such a beginning came to. */
  Parts tried(Parts parts, Payload.Upload upload) {
    return parts.with(upload, TRIED);
  }

  /** All of it, as it is. */
  PayloadStream whole(Payload.Stored stored) throws DeskException {
    var file = file(stored);
    return new PayloadStream(file.size(), () -> opened(file.path(), 0));
  }

  /**
   * What a host has not of it.
   *
   * @param isSlow whether it is compressed, where that makes it smaller
   */
  PayloadStream rest(Payload.Upload upload, Parts parts, boolean isSlow) throws DeskException {
    var file = file(upload);
    var from = parts.of(upload);
    var plain = plain(file, from, file.size());
    if (!isSlow || file.size() - from < LARGE) {
      return plain;
    }
    var begin = PackedFile.begin(from);
    return packed(file)
        .map(it ->
            new PayloadStream(
                it.size(begin),
                () -> it.from(begin),
                new Portion(begin, file.size(), file.size(), true)))
        .orElse(plain);
  }

  private static PayloadStream plain(Found file, long from, long upto) {
    return new PayloadStream(
        upto - from,
        () -> upto < file.size() ? beginning(file.path(), from, upto) : opened(file.path(), from),
        new Portion(from, upto, file.size(), false));
  }

  /** Nothing of what follows: who sends it takes more than was announced for a file that grew. */
  private static InputStream beginning(Path file, long from, long upto) throws IOException {
    try (var in = opened(file, from)) {
      return new ByteArrayInputStream(in.readNBytes(Math.toIntExact(upto - from)));
    }
  }

  private static InputStream opened(Path file, long from) throws IOException {
    var in = Files.newInputStream(file);
    in.skipNBytes(from);
    return in;
  }

  private Found file(Payload.Upload upload) throws DeskException {
    return file(upload.of());
  }

  private Found file(Payload.Stored stored) throws DeskException {
    return files.of(
        stored,
        () ->
            switch (stored) {
              case Payload.LocalFile(var file, var size) -> new Found(file, size);
              case Payload.Artifact artifact -> found(desk.artifact(artifact));
            });
  }

  private static Found found(Path file) throws DeskException {
    try {
      return new Found(file, Files.size(file));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static DeskException unreadable(Path file, IOException e) {
    return new DeskException(
        "%s cannot be read (%s)".formatted(file, e.getMessage()), "make it readable", e);
  }

  private static Sha256 digest(Path file, long size) throws DeskException {
    var digest = Sha256.algorithm();
    try (var in = Files.newInputStream(file)) {
      var piece = new byte[64 << 10];
      var left = size;
      while (left > 0) {
        var count = in.read(piece, 0, (int) Math.min(piece.length, left));
        if (count < 0) {
          break;
        }
        digest.update(piece, 0, count);
        left -= count;
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return new Sha256(HexFormat.of().formatHex(digest.digest()));
  }

  /** Nothing where that would be no smaller, or there is no room for it: it goes as it is then. */
  private Optional<PackedFile> packed(Found file) throws DeskException {
    return packed.of(
        file.path(),
        () -> {
          try {
            return PackedFile.of(file.path(), file.size());
          } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) { // another host may still have it packed
              throw unreadable(file.path(), e);
            }
            return Optional.empty();
          }
        });
  }
}
