package io.provision.load;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.SavedPlan;
import io.provision.files.OutputFile;
import io.provision.load.bind.SourceFile;
import io.provision.load.yaml.InputRefused;
import io.provision.load.yaml.Positions;
import io.provision.load.yaml.Problems;
import io.provision.model.Position;
import io.provision.step.Change;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A plan as it is saved: JSON, mode 0600. It holds the inventory and the playbook as they were,
 * what would be changed with its diffs, and digests of what that was computed from; secrets only by
 * reference.
 *
 * @param format of this file; another one is refused
 * @param version of the program, which must be the same to apply it
 * @param inventoryFile where the inventory was, absolute: its neighbours (keys, lock file) are used
 * @param hostKeys that hosts were taken by, a line each as in known_hosts; no others are taken
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
    List<String> hostKeys,
    SavedPlan plan) {
  public static final int FORMAT = 3;

  /** More than the diffs of a thousand hosts come to. */
  public static final int MOST_BYTES = 64 << 20;

  private static final int MAGIC_WINDOW = 64;

  /** Name, type and at least the four bytes of a length in base64. */
  private static final Pattern HOST_KEY =
      Pattern.compile(
          "[^\\s\\p{Cntrl}]+ [a-z0-9@.-]+ (?:[A-Za-z0-9+/]{4}){6,}(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)");

  /** A text and the name of the file it came from. */
  public record Text(String file, String text) {}

  public PlanFile {
    limit = List.copyOf(limit);
    only = List.copyOf(only);
    skip = List.copyOf(skip);
    remove = List.copyOf(remove);
    hostKeys = List.copyOf(hostKeys);
    for (var key : hostKeys) {
      if (!HOST_KEY.matcher(key).matches()) {
        throw new IllegalArgumentException("'%s' is not a host key".formatted(key));
      }
    }
  }

  /** Whether this looks like a saved plan rather than an inventory. */
  public static boolean is(SourceFile source) {
    var bytes = source.bytes();
    var head = new String(bytes, 0, Math.min(bytes.length, MAGIC_WINDOW), StandardCharsets.UTF_8);
    return head.startsWith("{") && head.contains("\"format\"");
  }

  /** Why this program cannot keep to it; empty where it can. */
  public String misfit(String programVersion) {
    if (!version.equals(programVersion)) {
      return "this plan was made by version %s, and this is %s".formatted(version, programVersion);
    }
    return format == FORMAT
        ? ""
        : "this plan has format %d, and this build of %s takes format %d"
            .formatted(format, programVersion, FORMAT);
  }

  /** Writes the plan, whole or not at all. */
  public void write(Path file) throws IOException {
    OutputFile.write(file, Mapper.STRICT.writeValueAsBytes(this), "rw-------");
  }

  /**
   * Reads a plan. What it says is done as root on all its hosts: one that somebody else could have
   * written is refused, and so is one with anything missing or more than there should be.
   *
   * @throws InputRefused when it is no plan, or not to be trusted
   */
  public static PlanFile read(SourceFile source) {
    var problems = new Problems();
    var start = Positions.start(source.name());
    source
        .distrust()
        .ifPresent(complaint ->
            problems.add(
                start,
                "what a plan says is done as root on its hosts, and %s. %s"
                    .formatted(complaint.what(), complaint.remedy())));
    problems.refuseIfAny();
    try {
      var plan = Mapper.STRICT.readValue(source.bytes(), PlanFile.class);
      if (plan != null) {
        return plan;
      }
      problems.add(start, "this is not a plan, but null. make a new one.");
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      problems.add(
          at == null ? start : new Position(source.name(), at.getLineNr(), at.getColumnNr()),
          "this is not a plan of this version of provision (%s). make a new one."
              .formatted(e.getOriginalMessage()));
    } catch (IOException e) {
      problems.add(start, "it cannot be read (%s).".formatted(e.getMessage()));
    }
    throw new InputRefused(problems.errors());
  }

  /** Made when the first plan is read or written, which most commands never do. */
  private static final class Mapper {
    static final JsonMapper STRICT =
        JsonMapper.builder()
            .registerSubtypes(Outcome.class.getPermittedSubclasses())
            .registerSubtypes(Change.Detail.class.getPermittedSubclasses())
            .addModule(new Jdk8Module())
            .addMixIn(Outcome.class, Kinds.class)
            .addMixIn(Change.Detail.class, Kinds.class)
            .registerSubtypes(Outcome.class.getPermittedSubclasses())
            .registerSubtypes(Change.Detail.class.getPermittedSubclasses())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();
  }

  /** Names the record behind a sealed type. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
  private interface Kinds {}
}
