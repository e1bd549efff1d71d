package io.provision.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.step.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class BlockOfLinesTest extends PieceContract {
  @Override
  Piece drifting() throws IOException {
    Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost");
    return new BlockOfLines(directory + "/hosts", "hosts", List.of("10.0.0.1 näme", "10.0.0.2 b"));
  }

  @Test
  void keepsWhatIsNotOursByteForByteAndItsMode() throws IOException {
    var path = directory.resolve("f");
    var rest = new byte[] {(byte) 0xff, 'a', '\r', '\n', (byte) 0xc3, '\n', 'z'};
    Files.write(path, rest);
    Files.setPosixFilePermissions(
        path, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r-----"));
    var block = new BlockOfLines(path.toString(), "x", List.of("line"));
    host.repair(((Check.Drift) check(block)).repair());
    assertThat(Files.readAllBytes(path)).startsWith(rest);
    assertThat(new String(Files.readAllBytes(path), java.nio.charset.StandardCharsets.ISO_8859_1))
        .endsWith("z\n# BEGIN provision x\nline\n# END provision x\n");
    assertThat(Files.getAttribute(path, "unix:mode")).isEqualTo(0100640);
  }

  @Test
  void refusesDamagedMarkersAndNamesThem() throws IOException {
    for (var damage :
        List.of(
            "# BEGIN provision x\n",
            "# END provision x\n",
            "# END provision x\n# BEGIN provision x\n",
            "# BEGIN provision x\n# BEGIN provision x\n# END provision x\n")) {
      Files.writeString(directory.resolve("f"), damage);
      assertThat(check(new BlockOfLines(directory + "/f", "x", List.of("line"))))
          .as(damage)
          .isInstanceOfSatisfying(
              Check.Refused.class, it -> assertThat(it.what()).contains("damaged"));
    }
  }

  @Test
  void doesNotOverwriteWhatSomebodyElseWroteMeanwhile() throws IOException {
    var path = directory.resolve("f");
    Files.writeString(path, "one\n");
    var drift = (Check.Drift) check(new BlockOfLines(path.toString(), "x", List.of("line")));
    Files.writeString(path, "two\n");
    var script = ((io.provision.step.Repair.OnHost) drift.repair()).scripts().getFirst();
    assertThat(host.attempt(script).output()).contains("changed by somebody else");
    assertThat(Files.readString(path)).isEqualTo("two\n");
  }

  @Property
  void aBlockComesAndGoesAndLeavesTheRest(
      @ForAll("texts") String rest, @ForAll("lines") List<String> lines) {
    var old = Content.of(rest);
    var plain = (Content.Plain) old;
    var with = MarkedText.of(plain, "x").with(lines);
    var read = MarkedText.of(with, "x");
    if (!lines.isEmpty()) {
      assertThat(read.lines()).contains(lines);
    }
    assertThat(read.with(lines)).isEqualTo(with);
    var ending = rest.isEmpty() || rest.endsWith("\n") || lines.isEmpty() ? "" : "\n";
    assertThat(read.with(List.of()).text()).isEqualTo(rest + ending);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "a", "\n", "\r\n", "# BEGIN provision y", "ä€", "\t", "# END provision y\n")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<List<String>> lines() {
    return Arbitraries.strings()
        .all()
        .excludeChars('\n', '\r', '\0', '\u0085', '\u2028', '\u2029', '\u000b', '\u000c')
        .filter(it ->
            !it.contains("provision") && it.codePoints().noneMatch(c -> c >= 0xd800 && c < 0xe000))
        .list()
        .ofMaxSize(4);
  }
}
