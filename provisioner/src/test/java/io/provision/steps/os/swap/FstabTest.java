package io.provision.steps.os.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class FstabTest {
  @Test
  void commentsSwapByItsThirdFieldAndNothingThatOnlyMentionsIt() {
    var text =
        """
        UUID=1 / ext4 errors=remount-ro 0 1
        /dev/sdb1 /srv/swap ext4 defaults 0 2 # not swap
        # /dev/sda9 none swap sw 0 0
        /dev/sda2 none swap sw 0 0
        \t/swapfile\tswap\tswap\tdefaults
        LABEL=swap /swap btrfs subvol=swap 0 0
        """;
    var fstab = Fstab.withoutSwap((Content.Plain) Content.of(text));
    assertThat(fstab.commented())
        .containsExactly("/dev/sda2 none swap sw 0 0", "/swapfile\tswap\tswap\tdefaults");
    assertThat(fstab.text().text())
        .isEqualTo(
            text.replace("/dev/sda2", "# swap off, by provision: /dev/sda2")
                .replace("\t/swapfile", "# swap off, by provision: \t/swapfile"));
  }

  @Property
  void everyOtherLineStaysByteForByte(@ForAll("fstabs") String text) {
    var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    var once = Fstab.withoutSwap(new Content.Plain(bytes));
    var before = text.split("\n", -1);
    var after = new String(once.text().bytes(), StandardCharsets.ISO_8859_1).split("\n", -1);
    assertThat(after).hasSameSizeAs(before);
    for (var i = 0; i < before.length; i++) {
      assertThat(after[i].endsWith(before[i])).isTrue();
      if (!Fstab.isSwap(before[i])) {
        assertThat(after[i]).isEqualTo(before[i]);
      }
      assertThat(Fstab.isSwap(after[i])).isFalse();
    }
    assertThat(Fstab.withoutSwap(once.text()).commented()).isEqualTo(List.of());
  }

  @Provide
  Arbitrary<String> fstabs() {
    return Arbitraries.of("swap", "none", " ", "\t", "\n", "#", "/dev/sda2", "ext4", "\u00ff", "\r")
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }
}
