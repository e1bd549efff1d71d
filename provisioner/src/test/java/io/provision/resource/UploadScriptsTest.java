package io.provision.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Sha256;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.Payload;
import io.provision.remote.PayloadStream;
import io.provision.remote.PayloadStream.Portion;
import io.provision.remote.Script;
import io.provision.remote.Session;
import io.provision.remote.ShellFunction;
import io.provision.remote.Shells;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What arrived before a transfer was cut off is kept, and is what the next one goes on with. */
final class UploadScriptsTest {
  private static final int MIB = 1 << 20;
  private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rwx------");
  private static final byte[] WHOLE = bytes(9 * MIB);
  private static final Sha256 SUM = Sha256.of(WHOLE);

  /** What follows five MiB. */
  private static final byte[] REST = gzip(slice(5 * MIB, 9 * MIB));

  @TempDir Path directory;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatWasCutOffIsKeptAndTheRestCompletesIt(List<String> shell) throws IOException {
    var file = directory.resolve("new/ü $(id)`id`\"'/k3s");
    var cut = host(shell).attempt(push(file, 0, 9 * MIB, slice(0, 5 * MIB)));
    assertThat(cut.ok()).isFalse();
    assertThat(cut.output()).contains("5 of 9 MiB arrived: run again, and the rest is sent");
    assertThat(file).doesNotExist();
    assertThat(seen(shell, file))
        .isEqualTo("%d %s".formatted(5 * MIB, Sha256.of(slice(0, 5 * MIB)).hex()));
    assertThat(mode(part(file).getParent())).isEqualTo("rwx------");

    var rest = host(shell).attempt(push(file, 5 * MIB, 9 * MIB, slice(5 * MIB, 9 * MIB)));
    assertThat(rest.ok()).as(rest.output()).isTrue();
    assertThat(file).hasBinaryContent(WHOLE);
    assertThat(mode(file)).isEqualTo("rwxr-xr-x");
    assertThat(file.getParent()).isDirectoryNotContaining(it -> !it.equals(file));
    assertThat(seen(shell, file)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void itGoesOnInTheMiddleOfWhatIsThereAndMayBeCompressed(List<String> shell) throws IOException {
    var file = directory.resolve("k3s");
    begun(file, 5 * MIB + 17);
    var packed =
        new PayloadStream(REST.length, source(REST), new Portion(5 * MIB, 9 * MIB, 9 * MIB, true));
    var ended = host(shell).attempt(new Session.Loaded(push(file), List.of(packed)));
    assertThat(ended.ok()).as(ended.output()).isTrue();
    assertThat(file).hasBinaryContent(WHOLE);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void ofWhatIsCompressedAsMuchIsKeptAsCameOutOfIt(List<String> shell) throws IOException {
    var file = directory.resolve("k3s");
    var all = gzip(WHOLE);
    var stream =
        new PayloadStream(
            all.length,
            () -> new ByteArrayInputStream(all, 0, all.length / 2),
            new Portion(0, 9 * MIB, 9 * MIB, true));
    var cut = host(shell).attempt(new Session.Loaded(push(file), List.of(stream)));
    assertThat(cut.ok()).isFalse();
    assertThat(cut.output()).contains("of 9 MiB arrived: run again");
    var kept = Files.readAllBytes(part(file));
    assertThat(kept).hasSizeGreaterThan(3 * MIB).isEqualTo(slice(0, kept.length));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aFirstPartIsKeptAndNothingElseIsDoneWithIt(List<String> shell) throws IOException {
    var file = directory.resolve("bin/k3s");
    beginsIn(shell, file, upload(file));
    Files.deleteIfExists(part(file));
    Files.deleteIfExists(part(file).getParent());
    Files.delete(file.getParent());
    beginsIn(shell, file, UploadScripts.pastLinks(file.toString(), SUM, LOCAL));
  }

  private void beginsIn(List<String> shell, Path file, Payload.Upload upload) throws IOException {
    var begun = host(shell).attempt(begin(upload, slice(0, 4 * MIB)));
    assertThat(begun.ok()).as(begun.output()).isTrue();
    assertThat(begun.output()).isEmpty();
    assertThat(part(file)).hasBinaryContent(slice(0, 4 * MIB));

    var again = host(shell).attempt(begin(upload, new byte[4 * MIB]));
    assertThat(again.ok()).as("it is left as it is").isTrue();
    assertThat(again.output())
        .isEqualTo("%d %s\n".formatted(4 * MIB, Sha256.of(slice(0, 4 * MIB)).hex()));
    assertThat(part(file)).hasBinaryContent(slice(0, 4 * MIB));
    assertThat(file).doesNotExist();
  }

  private static Session.Loaded begin(Payload.Upload upload, byte[] bytes) {
    var stream =
        new PayloadStream(4 * MIB, source(bytes), new Portion(0, 4 * MIB, WHOLE.length, false));
    var script = new Script(upload.begin(), List.of(upload), Duration.ofMinutes(1));
    return new Session.Loaded(script, List.of(stream));
  }

  /** Else a slow connection would have what no host can read sent to it, again and again. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whereNothingCanBeUnpackedNoFirstPartIsThere(List<String> shell) throws IOException {
    var file = directory.resolve("k3s");
    var host = host(shell).withoutSleep();
    var begun =
        host.attempt(
            new Session.Loaded(
                new Script(
                    hidden(upload(file).begin()), List.of(upload(file)), Duration.ofMinutes(1)),
                begin(upload(file), slice(0, 4 * MIB)).streams()));
    assertThat(begun.ok()).isFalse();
  }

  /** As it is where there is no gzip. */
  private static Call hidden(Call call) {
    var function = call.function();
    return new Call(
        new ShellFunction(
            function.name(), "command() { return 1; }\n" + function.body(), function.uses()),
        call.arguments());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatIsNotAsItWasSentIsNotKept(List<String> shell) throws IOException {
    var file = directory.resolve("k3s");
    begun(file, 5 * MIB);
    var other = slice(5 * MIB, 9 * MIB);
    other[17]++;
    var ended = host(shell).attempt(push(file, 5 * MIB, 9 * MIB, other));
    assertThat(ended.ok()).isFalse();
    assertThat(ended.output()).contains("what arrived has the digest");
    assertNothingIsLeft();
  }

  /** It would be in the way of what makes room, and the next run would come no further. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whereItCannotBeWrittenNothingIsKept(List<String> shell) throws IOException {
    var file = directory.resolve("k3s");
    var host =
        host(shell)
            .program("df", "echo x; echo 'x 9 9 99999 1% /'")
            .program("head", "/usr/bin/head -c 3145728; cat >/dev/null; exit 1");
    var plain = host.attempt(push(file, 0, 9 * MIB, WHOLE));
    assertThat(plain.ok()).isFalse();
    assertThat(plain.output()).contains("could not be received");
    assertNothingIsLeft();

    begun(file, 5 * MIB);
    var packed =
        new PayloadStream(REST.length, source(REST), new Portion(5 * MIB, 9 * MIB, 9 * MIB, true));
    var ended =
        host(shell)
            .program("head", "exec /usr/bin/head \"$@\"")
            .program("gzip", "/usr/bin/head -c 100000; exit 1")
            .attempt(new Session.Loaded(push(file), List.of(packed)));
    assertThat(ended.ok()).isFalse();
    assertThat(ended.output()).contains("could not be received");
    assertNothingIsLeft();
  }

  /** What makes room for it would find it in its way. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whereThereIsNoRoomWhatHadArrivedGoesToo(List<String> shell) throws IOException {
    var file = directory.resolve("k3s");
    begun(file, 5 * MIB);
    var ended =
        host(shell)
            .program("df", "echo x; echo 'x 9 9 5000 1% /'")
            .attempt(push(file, 5 * MIB, 9 * MIB, slice(5 * MIB, 9 * MIB)));
    assertThat(ended.output()).contains("needs 4 MiB, 4 MiB are free in");
    assertNothingIsLeft();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatIsNotWorthItIsNotKept(List<String> shell) throws IOException {
    var file = directory.resolve("k3s");
    var small = 8 * MIB - 1;
    var ended = host(shell).attempt(push(file, 0, small, slice(0, 3 * MIB)));
    assertThat(ended.ok()).isFalse();
    assertNothingIsLeft();
  }

  /** Whoever may write in the directory must not lead root elsewhere. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void nothingIsWrittenThroughALink(List<String> shell) throws IOException {
    var file = directory.resolve("home/file");
    var own = part(file).getParent();
    var victims = Files.createDirectories(directory.resolve("victims"));
    var victim = Files.write(victims.resolve(SUM.hex()), slice(0, 5 * MIB));
    Files.createDirectories(file.getParent());
    Files.createSymbolicLink(own, victims);
    assertThat(host(shell).attempt(push(file, 0, 9 * MIB, WHOLE)).ok()).isTrue();
    assertThat(file).hasBinaryContent(WHOLE);
    assertThat(victim).hasBinaryContent(slice(0, 5 * MIB));
    assertThat(own).doesNotExist();
    Files.delete(file);

    Files.createDirectory(own, PosixFilePermissions.asFileAttribute(OURS));
    Files.createSymbolicLink(part(file), victim);
    assertThat(seen(shell, file)).isEmpty();
    var rest = host(shell).attempt(push(file, 5 * MIB, 9 * MIB, slice(5 * MIB, 9 * MIB)));
    assertThat(rest.ok()).isFalse();
    assertThat(victim).hasBinaryContent(slice(0, 5 * MIB));
  }

  /** It is not ours, and is taken away with all that is in it. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aPlaceOfSomebodyElseIsNotEntered(List<String> shell) throws IOException {
    var file = directory.resolve("k3s");
    Assumptions.assumeTrue(Files.getAttribute(directory, "unix:uid").equals(0), "for root");
    begun(file, 5 * MIB);
    Files.setAttribute(part(file).getParent(), "unix:uid", 65534);
    assertThat(seen(shell, file)).isEmpty();
    assertThat(host(shell).attempt(push(file, 0, 9 * MIB, WHOLE)).ok()).isTrue();
    assertThat(file).hasBinaryContent(WHOLE);
    assertNothingElseThan(file);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aPartThatIsGoneOrSmallerIsSaid(List<String> shell) throws IOException {
    var file = directory.resolve("k3s");
    for (var size : new int[] {-1, 5 * MIB - 1}) {
      if (size > 0) {
        begun(file, size);
      }
      var ended = host(shell).attempt(push(file, 5 * MIB, 9 * MIB, slice(5 * MIB, 9 * MIB)));
      assertThat(ended.ok()).isFalse();
      assertThat(ended.output()).contains("what had arrived of", "is gone: run again");
      assertNothingIsLeft();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatArrivedOfAnotherVersionGoes(List<String> shell) throws IOException {
    var file = directory.resolve("k3s");
    begun(file, 5 * MIB);
    Files.move(part(file), part(file).resolveSibling("0".repeat(64)));
    assertThat(host(shell).attempt(push(file, 0, 9 * MIB, WHOLE)).ok()).isTrue();
    assertNothingElseThan(file);
  }

  private void assertNothingElseThan(Path file) {
    assertThat(directory).isDirectoryNotContaining(it -> !it.equals(file) && !it.endsWith("host"));
  }

  /** That of this machine, where these tests may write there. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aFileOfTheRootDirectoryIsWrittenThere(List<String> shell) throws IOException {
    Assumptions.assumeTrue(Files.isWritable(Path.of("/")));
    var file = Path.of("/.provision-test-" + ProcessHandle.current().pid());
    try {
      var upload = UploadScripts.pastLinks(file.toString(), SUM, LOCAL);
      var write =
          Script.of(UploadScripts.WRITE, file.toString(), "0640", "0", "0", SUM.hex()).with(upload);
      var ended = host(shell).attempt(loaded(write, 0, 9 * MIB, WHOLE));
      assertThat(ended.ok()).as(ended.output()).isTrue();
      assertThat(file).hasBinaryContent(WHOLE);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void programsThatAnswerGarbageMakeNoOtherFile(List<String> shell) throws IOException {
    for (var program : List.of("gzip", "truncate", "wc", "head")) {
      for (var body : List.of("exit 1", "echo garbage; cat >/dev/null", "kill -9 $$")) {
        var file = directory.resolve("k3s");
        begun(file, 5 * MIB + 17);
        var packed =
            new PayloadStream(
                REST.length, source(REST), new Portion(5 * MIB, 9 * MIB, 9 * MIB, true));
        var host = host(shell).program(program, body);
        var ended = host.attempt(new Session.Loaded(push(file), List.of(packed)));
        if (ended.ok()) { // its digest says so
          assertThat(program).as(body).isEqualTo("wc");
          assertThat(file).hasBinaryContent(WHOLE);
          Files.delete(file);
        }
        assertThat(file).doesNotExist();
        Files.delete(directory.resolve("host/.programs").resolve(program));
        Files.deleteIfExists(part(file));
        Files.deleteIfExists(part(file).resolveSibling("read"));
        Files.deleteIfExists(part(file).getParent());
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aLargeCopyIsWrittenWhereALinkLeadsAndFoundThere(List<String> shell) throws IOException {
    var there = Files.createDirectories(directory.resolve("there")).resolve("file");
    Files.writeString(there, "old");
    var link = Files.createSymbolicLink(directory.resolve("link"), there);
    var uid = Files.getAttribute(there, "unix:uid").toString();
    var gid = Files.getAttribute(there, "unix:gid").toString();
    var upload = UploadScripts.pastLinks(link.toString(), SUM, LOCAL);
    var write =
        Script.of(UploadScripts.WRITE, link.toString(), "0640", uid, gid, SUM.hex()).with(upload);

    var cut = host(shell).attempt(loaded(write, 0, 9 * MIB, slice(0, 4 * MIB)));
    assertThat(cut.ok()).isFalse();
    assertThat(there).hasContent("old");
    assertThat(host(shell).run(upload.part()).output()).startsWith("%d ".formatted(4 * MIB));

    var rest = host(shell).attempt(loaded(write, 4 * MIB, 9 * MIB, slice(4 * MIB, 9 * MIB)));
    assertThat(rest.ok()).as(rest.output()).isTrue();
    assertThat(there).hasBinaryContent(WHOLE);
    assertThat(mode(there)).isEqualTo("rw-r-----");
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(there.getParent()).isDirectoryNotContaining(it -> !it.equals(there));
  }

  /** {@code push_file} replaces a link: it is another program that it leads to. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aProgramTakesThePlaceOfALinkAndIsFoundBesideIt(List<String> shell) throws IOException {
    var k3s = Files.createDirectories(directory.resolve("k3s")).resolve("k3s");
    Files.writeString(k3s, "k3s");
    var link = Files.createSymbolicLink(directory.resolve("kubectl"), k3s);
    var cut = host(shell).attempt(push(link, 0, 9 * MIB, slice(0, 4 * MIB)));
    assertThat(cut.ok()).isFalse();
    assertThat(seen(shell, link)).startsWith("%d ".formatted(4 * MIB));
    var rest = host(shell).attempt(push(link, 4 * MIB, 9 * MIB, slice(4 * MIB, 9 * MIB)));
    assertThat(rest.ok()).as(rest.output()).isTrue();
    assertThat(link).hasBinaryContent(WHOLE);
    assertThat(k3s).hasContent("k3s");
  }

  private static final Payload.LocalFile LOCAL =
      new Payload.LocalFile(Path.of("unused"), WHOLE.length);

  private LocalHost host(List<String> shell) {
    return new LocalHost(directory.resolve("host")).in(shell.toArray(String[]::new));
  }

  private static Payload.Upload upload(Path file) {
    return UploadScripts.replacing(file.toString(), SUM, LOCAL);
  }

  private static Script push(Path file) {
    return Script.of(FileTransfer.PUSH, file.toString(), "0755", SUM.hex()).with(upload(file));
  }

  /** All of it is announced, and this arrives. */
  private static Session.Loaded push(Path file, int from, int whole, byte[] arrives) {
    return loaded(push(file), from, whole, arrives);
  }

  private static Session.Loaded loaded(Script script, int from, int whole, byte[] arrives) {
    var stream =
        new PayloadStream(whole - from, source(arrives), new Portion(from, whole, whole, false));
    return new Session.Loaded(script, List.of(stream));
  }

  private static PayloadStream.Source source(byte[] bytes) {
    return () -> new ByteArrayInputStream(bytes);
  }

  private String seen(List<String> shell, Path file) {
    Frame frame = host(shell).run(upload(file).part());
    assertThat(frame.ok()).isTrue();
    return frame.output();
  }

  private static Path part(Path file) {
    return file.resolveSibling(".provision-new." + file.getFileName()).resolve(SUM.hex());
  }

  private static void begun(Path file, int size) throws IOException {
    var own =
        Files.createDirectories(part(file).getParent(), PosixFilePermissions.asFileAttribute(OURS));
    Files.write(own.resolve(SUM.hex()), slice(0, size));
  }

  private void assertNothingIsLeft() {
    assertThat(directory).isDirectoryNotContaining(it -> !it.endsWith("host"));
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static byte[] slice(int from, int end) {
    return Arrays.copyOfRange(WHOLE, from, end);
  }

  private static byte[] gzip(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] bytes(int size) {
    var bytes = new byte[size];
    var random = new Random(7);
    for (var i = 0; i < size; i++) {
      bytes[i] = (byte) (random.nextInt() & 0x3f);
    }
    return bytes;
  }
}
