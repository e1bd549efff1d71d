package io.provision.steps.gluster.declared;

import io.provision.section.Form;
import io.provision.section.Text;
import io.provision.section.Unquoted;
import java.util.regex.Pattern;

/** The texts of a volume's keys, each with a grammar that leaves no room for options or scripts. */
final class VolumeGrammar {
  private VolumeGrammar() {}

  /** How many bricks. */
  @Text(kind = "whole number, 1 to 64", sample = "3")
  record BrickCount(int value) {
    static final int MIN = 1;
    static final int MAX = 64;
    static final String FORM = "[1-9]|[1-5]\\d|6[0-4]";

    static BrickCount parse(String text) {
      return new BrickCount(Form.number(text, MIN, MAX));
    }
  }

  /** A block device. */
  @Text(kind = "block device such as /dev/sdb", sample = "/dev/disk/by-id/virtio-data")
  record DevicePath(String value) {
    static final Pattern GRAMMAR = Pattern.compile("/dev(/[A-Za-z0-9_:+@=][A-Za-z0-9._:+@=-]*)+");

    DevicePath {
      Form.required(GRAMMAR, value, "device such as /dev/sdb or /dev/disk/by-id/...");
    }
  }

  /** What GlusterFS takes as a volume name. */
  @Text(sample = "shared")
  record VolumeName(String value) {
    static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

    VolumeName {
      Form.required(GRAMMAR, value, "volume name: letters, digits, '-' and '_', at most 63");
    }
  }

  /** The name of a volume option, such as {@code performance.client-io-threads}. */
  @Text(sample = "network.ping-timeout")
  record OptionName(String value) {
    static final Pattern GRAMMAR = Pattern.compile("[a-z0-9][a-z0-9_-]*(\\.[a-z0-9_-]+)*");

    OptionName {
      Form.required(GRAMMAR, value, "volume option such as network.ping-timeout");
    }
  }

  /** The value of a volume option. */
  @Text(sample = "10")
  record OptionText(String value) implements Unquoted {
    static final String FORM = "(?!-)[^\\u0000-\\u001f\\u007f-\\u009f]{1,512}";

    OptionText {
      if (value.isEmpty() || value.length() > 512 || value.startsWith("-")) {
        throw new IllegalArgumentException(
            "'%s' is not a value of a volume option".formatted(value));
      }
      if (value.codePoints().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException("a volume option cannot hold a control character");
      }
    }
  }

  /** An amount of bytes as Kubernetes writes it. */
  @Text(kind = "size such as 10Gi", sample = "10Gi")
  record Size(String value) {
    static final Pattern GRAMMAR =
        Pattern.compile("[1-9][0-9]{0,17}(\\.[0-9]{1,3})?([kMGTPE]i?|Ki)?");

    Size {
      Form.required(GRAMMAR, value, "size, such as 10Gi");
    }
  }

  /** How nodes may mount a volume, in the words of Kubernetes. */
  @Text(sample = "ReadWriteMany")
  record AccessMode(String value) {
    static final Pattern GRAMMAR =
        Pattern.compile("ReadWriteOnce|ReadOnlyMany|ReadWriteMany|ReadWriteOncePod");

    AccessMode {
      Form.required(GRAMMAR, value, "access mode: ReadWriteMany, ReadWriteOnce or ReadOnlyMany");
    }
  }

  /** A directory below another. */
  @Text(kind = "path below the mount", sample = "media")
  record SubPath(String value) {
    static final Pattern GRAMMAR =
        Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*");

    SubPath {
      Form.required(GRAMMAR, value, "path below the mount, without a '/' before it");
    }
  }
}
