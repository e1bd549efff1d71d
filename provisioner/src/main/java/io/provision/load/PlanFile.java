package io.provision.load;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.provision.engine.Outcome;
import io.provision.engine.SavedPlan;
import io.provision.step.Change;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * A plan as it is saved: JSON, mode 0600. It holds the inventory and the playbook as they were,
 * what would be changed with its diffs, and digests of what that was computed from; secrets only by
 * reference.
 *
 * @param format of this file; another one is refused
 * @param version of the program, which must be the same to apply it
 * @param inventoryFile where the inventory was, absolute: its neighbours (keys, lock file) are used
 * @param playbook the playbook's text; empty where it is the program's own
 */
public record PlanFile(
    int format,
    String version,
    String inventoryFile,
    String inventory,
    Optional<Text> playbook,
    List<String> limit,
    List<String> only,
    List<String> skip,
    List<String> remove,
    SavedPlan plan) {
  public static final int FORMAT = 2;
  private static final int MAGIC_WINDOW = 64;

  /** A text and the name of the file it came from. */
  public record Text(String file, String text) {}

  public PlanFile {
    limit = List.copyOf(limit);
    only = List.copyOf(only);
    skip = List.copyOf(skip);
    remove = List.copyOf(remove);
  }

  /** Whether this file looks like a saved plan rather than an inventory. */
  public static boolean is(Path file) {
    try (var in = Files.newInputStream(file)) {
      var head = new String(in.readNBytes(MAGIC_WINDOW), StandardCharsets.UTF_8);
      return head.startsWith("{") && head.contains("\"format\"");
    } catch (IOException _) {
      return false; // whoever reads it next says what is wrong with it
    }
  }

  /** Whether this version of the program can keep to it. */
  public boolean fits(String programVersion) {
    return format == FORMAT && version.equals(programVersion);
  }

  /** Writes the plan beside its place and puts it there in one step. */
  public void write(Path file) throws IOException {
    var directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var temporary = Files.createTempFile(directory, ".plan", ".new", mode);
    try {
      Files.write(temporary, mapper().writeValueAsBytes(this));
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * @throws InputRefused when it is no plan
   */
  public static PlanFile read(Path file) {
    var problems = new Problems();
    var start = YamlReader.start(file.toString());
    try {
      var plan = mapper().readValue(file.toFile(), PlanFile.class);
      return plan;
    } catch (JsonProcessingException e) {
      problems.add(
          start, "this is not a plan (%s). make a new one.".formatted(e.getOriginalMessage()));
    } catch (IOException e) {
      problems.add(start, "it cannot be read (%s).".formatted(e.getMessage()));
    }
    throw new InputRefused(problems.errors());
  }

  private static JsonMapper mapper() {
    return JsonMapper.builder()
        .registerSubtypes(Outcome.class.getPermittedSubclasses())
        .registerSubtypes(Change.Detail.class.getPermittedSubclasses())
        .addModule(new Jdk8Module())
        .addMixIn(Outcome.class, Kinds.class)
        .addMixIn(Change.Detail.class, Kinds.class)
        .registerSubtypes(Outcome.class.getPermittedSubclasses())
        .registerSubtypes(Change.Detail.class.getPermittedSubclasses())
        .enable(SerializationFeature.INDENT_OUTPUT)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .build();
  }

  /** Names the record behind a sealed type. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
  private interface Kinds {}
}
