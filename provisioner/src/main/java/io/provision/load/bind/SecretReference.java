package io.provision.load.bind;

import io.provision.files.BoundedRead;
import io.provision.files.Custody.Complaint;
import io.provision.load.yaml.Problems;
import io.provision.load.yaml.YamlReader;
import io.provision.model.Secret;
import io.provision.model.SecretUnavailable;
import io.provision.section.DidYouMean;
import io.provision.section.Node.Scalar;
import io.provision.section.Node.Sequence;
import io.provision.section.SecretWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Secrets as an inventory writes them: <code>${env:NAME}</code>, <code>${file:PATH}</code>, <code>
 * ${cmd:[program, argument]}</code>. Nothing is fetched, and above all nothing is run, before the
 * value is needed.
 */
public final class SecretReference {
  private static final Pattern WHOLE = Pattern.compile("\\$\\{([A-Za-z]*):(.*)}", Pattern.DOTALL);
  private static final Pattern VARIABLE_OF_SHELL =
      Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*|\\{[A-Za-z_][A-Za-z0-9_]*})");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final int LONGEST_BYTES = 64 << 10;
  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Surroundings surroundings;
  private final Path directory;
  private final Optional<Complaint> distrust;

  SecretReference(Surroundings surroundings, Path directory, Optional<Complaint> distrust) {
    this.surroundings = surroundings;
    this.directory = directory;
    this.distrust = distrust;
  }

  /** The secret this text stands for; what is written in plain is one too, with a warning. */
  Optional<Secret> read(Scalar scalar, Problems problems) {
    var text = scalar.text();
    var matcher = WHOLE.matcher(text);
    if (!matcher.matches()) {
      if (SecretWords.isReference(text)) {
        problems.add(
            scalar.position(),
            "the reference stands inside other text. it must be the whole value.");
        return Optional.empty();
      }
      if (VARIABLE_OF_SHELL.matcher(text).matches()) {
        problems.add(
            scalar.position(),
            "variables of the shell are not replaced here. write ${env:NAME}, ${file:PATH} or ${cmd:[program, argument]}.");
        return Optional.empty();
      }
      problems.warn(
          scalar.position(),
          "a secret is written in plain. use ${env:NAME}, ${file:PATH} or ${cmd:[program, argument]}.");
      return Optional.of(Secret.of(text));
    }
    var value = matcher.group(2).strip();
    return switch (matcher.group(1)) {
      case "env" -> variable(text, value, scalar, problems);
      case "file" -> file(text, value, scalar, problems);
      case "cmd" -> command(text, value, scalar, problems);
      default -> {
        problems.add(
            scalar.position(),
            "'${%s:' is not a kind of reference.%s use ${env:NAME}, ${file:PATH} or ${cmd:[program, argument]}."
                .formatted(
                    matcher.group(1),
                    DidYouMean.sentence(matcher.group(1), List.of("env", "file", "cmd"))));
        yield Optional.empty();
      }
    };
  }

  private Optional<Secret> variable(String text, String name, Scalar at, Problems problems) {
    if (!VARIABLE.matcher(name).matches()) {
      problems.add(
          at.position(), "'%s' is not a valid name for an environment variable.".formatted(name));
      return Optional.empty();
    }
    if (!surroundings.environment().containsKey(name)) {
      problems.warn(at.position(), "the environment variable %s is not set yet.".formatted(name));
    }
    return Optional.of(
        Secret.from(
            text,
            () -> {
              var value = surroundings.environment().get(name);
              if (value == null) {
                throw new SecretUnavailable(
                    text,
                    "the environment variable %s is not set".formatted(name),
                    "Set it and run again.");
              }
              return value.getBytes(StandardCharsets.UTF_8);
            }));
  }

  private Optional<Secret> file(String text, String name, Scalar at, Problems problems) {
    Path path;
    try {
      path = surroundings.path(name, directory);
    } catch (IllegalArgumentException e) {
      problems.add(at.position(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
    if (!Files.exists(path)) {
      problems.warn(at.position(), "there is no file %s yet.".formatted(path));
    } else if (isOpenToOthers(path)) {
      problems.add(
          at.position(), "%s can be read by others. run: chmod 600 %s".formatted(path, path));
    }
    return Optional.of(Secret.from(text, () -> contents(text, path)));
  }

  private static byte[] contents(String text, Path path) {
    if (Files.exists(path) && isOpenToOthers(path)) {
      throw new SecretUnavailable(
          text, "%s can be read by others".formatted(path), "Run: chmod 600 " + path);
    }
    try {
      var bytes = BoundedRead.bytes(path, LONGEST_BYTES, BoundedRead.PATIENCE);
      return SecretProgram.withoutLastNewline(bytes);
    } catch (BoundedRead.TooLarge e) {
      throw new SecretUnavailable(
          text, "%s is larger than 64 KiB".formatted(path), "Name the right file.");
    } catch (IOException e) {
      throw new SecretUnavailable(
          text,
          "%s cannot be read (%s)".formatted(path, e.getClass().getSimpleName()),
          "Check that it is there and yours.");
    }
  }

  private static boolean isOpenToOthers(Path path) {
    try {
      return Files.getPosixFilePermissions(path).stream().anyMatch(OF_OTHERS::contains);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private Optional<Secret> command(String text, String list, Scalar at, Problems problems) {
    var inner = new Problems();
    var argv = new ArrayList<String>();
    var parsed = YamlReader.parse(at.position().file(), list, inner);
    if (parsed.isPresent() && parsed.get() instanceof Sequence(var items, var _)) {
      for (var item : items) {
        if (item instanceof Scalar word) {
          argv.add(word.text());
        } else {
          inner.add(item.position(), "no word");
        }
      }
    }
    if (!inner.isEmpty() || argv.isEmpty() || argv.getFirst().isBlank()) {
      problems.add(
          at.position(),
          "after '${cmd:' comes a list such as [pass, show, sudo], run without a shell.");
      return Optional.empty();
    }
    if (distrust.isPresent()) {
      problems.add(
          at.position(),
          "'${cmd:' would run a program that somebody else may have named: of this file, %s. %s"
              .formatted(distrust.get().what(), distrust.get().remedy()));
      return Optional.empty();
    }
    var program = new SecretProgram(text, List.copyOf(argv), directory);
    return Optional.of(Secret.from(text, program::answer));
  }
}
