package io.provision.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Reads frames from what a host prints; whatever is not between a begin and an end is noise. */
final class FrameReader {
  /** More than this between two markers is no answer. */
  private static final int FRAME_LIMIT = 16 << 20;

  /** So much is kept, and no more than twice that, of what comes before anything of ours. */
  private static final int NOISE = 16 << 10;

  private final InputStream in;
  private final byte[] prefix;
  private final Consumer<String> progress;
  private final Instant sent;
  private final List<Frame> frames = new ArrayList<>();
  private final StringBuilder noise = new StringBuilder();
  private Consumer<String> printed = _ -> {};
  private IntConsumer begun = _ -> {};
  private int told;
  private boolean loggedIn;
  private boolean started;
  private byte[] buffer = new byte[8192];
  private int position;
  private int limit;

  /** For an answer to what is sent only now. */
  FrameReader(InputStream in, String marker, Consumer<String> progress) {
    this(in, marker, progress, Instant.now());
  }

  /**
   * @param sent a time before the question was sent
   */
  FrameReader(InputStream in, String marker, Consumer<String> progress, Instant sent) {
    this.sent = sent;
    this.in = in;
    this.prefix = ("@@" + marker + " ").getBytes(StandardCharsets.US_ASCII);
    this.progress = progress;
  }

  /** Gives the lines of the first frames to this listener while they come. */
  FrameReader telling(int first, Consumer<String> listener) {
    told = first;
    printed = listener;
    return this;
  }

  /** Gives each frame's place in the order of all to this listener as it begins. */
  FrameReader beginning(IntConsumer listener) {
    begun = listener;
    return this;
  }

  List<Frame> frames() {
    return frames;
  }

  /** The last part of what was printed outside of frames before the script ran. */
  String noise() {
    return noise.toString();
  }

  /** Whether the login shell ran our command line. */
  boolean loggedIn() {
    return loggedIn || started;
  }

  /** Whether the script itself ever ran. */
  boolean started() {
    return started;
  }

  /**
   * Reads on to the marker that begins with this word, keeping the frames on the way.
   *
   * @return the rest of the marker's line, or empty at the end of the stream
   */
  Optional<String> readTo(String... words) throws IOException {
    var body = new ByteArrayOutputStream();
    var open = false;
    while (true) {
      var line = readLine();
      if (line == null) {
        return Optional.empty();
      }
      var word = marker(line);
      if (word == null) {
        if (open) {
          keep(body, line);
          if (frames.size() < told) {
            printed.accept(new String(line, StandardCharsets.UTF_8));
          }
        } else if (!started) {
          keepNoise(line);
        }
        continue;
      }
      if (List.of(words).contains(first(word))) {
        return Optional.of(word);
      }
      switch (first(word)) {
        case "login" -> loggedIn = true;
        case "start" -> started = true;
        case "begin" -> {
          open = true;
          body.reset();
          begun.accept(frames.size());
        }
        case "end" -> {
          open = false;
          frames.add(frame(word, body.toByteArray()));
        }
        case "say" -> progress.accept(word.substring("say ".length()));
        default -> {
          // a beat, or a marker of a request that is over
        }
      }
    }
  }

  private Frame frame(String word, byte[] bytes) {
    // the line end before the marker is ours
    var length = bytes.length > 0 ? bytes.length - 1 : 0;
    return new Frame(
        Integer.parseInt(word.substring("end ".length())),
        new String(bytes, 0, length, StandardCharsets.UTF_8),
        new Frame.Window(sent, Instant.now()));
  }

  /** Reads what is left of the stream; that it broke off is no news where it is asked why. */
  void drain() throws GivenUp {
    try {
      var _ = readTo();
    } catch (GivenUp e) {
      throw e;
    } catch (IOException _) {
      return; // whoever ended it knows why
    }
  }

  private static void keep(ByteArrayOutputStream body, byte[] line) throws IOException {
    if (body.size() + line.length > FRAME_LIMIT) {
      throw tooMuch("an answer");
    }
    body.writeBytes(line);
    body.write('\n');
  }

  private void keepNoise(byte[] line) {
    var from = Math.max(0, line.length - NOISE);
    noise.append(new String(line, from, line.length - from, StandardCharsets.UTF_8)).append('\n');
    if (noise.length() > 2 * NOISE) {
      noise.delete(0, noise.length() - NOISE);
    }
  }

  private static GivenUp tooMuch(String what) {
    return new GivenUp(
        "it printed %s of more than 16 MiB, which is not an answer".formatted(what),
        "log in by hand and look what the user's shell profile prints");
  }

  private static String first(String word) {
    var space = word.indexOf(' ');
    return space < 0 ? word : word.substring(0, space);
  }

  private @org.jspecify.annotations.Nullable String marker(byte[] line) {
    if (line.length < prefix.length
        || !java.util.Arrays.equals(line, 0, prefix.length, prefix, 0, prefix.length)) {
      return null;
    }
    return new String(line, prefix.length, line.length - prefix.length, StandardCharsets.UTF_8);
  }

  private byte @org.jspecify.annotations.Nullable [] readLine() throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      for (var i = position; i < limit; i++) {
        if (buffer[i] == '\n') {
          line.write(buffer, position, i - position);
          position = i + 1;
          return line.toByteArray();
        }
      }
      line.write(buffer, position, limit - position);
      if (line.size() > FRAME_LIMIT) {
        throw tooMuch("a line");
      }
      position = 0;
      limit = in.read(buffer);
      if (limit < 0) {
        limit = 0;
        return line.size() == 0 ? null : line.toByteArray();
      }
    }
  }
}
