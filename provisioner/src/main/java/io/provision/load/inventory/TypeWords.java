package io.provision.load.inventory;

import io.provision.load.bind.MappingKey;
import io.provision.load.bind.RecordShape;
import io.provision.model.Cidr;
import io.provision.model.Content;
import io.provision.model.HostName;
import io.provision.model.LocalFile;
import io.provision.model.NodeAddress;
import io.provision.model.Secret;
import io.provision.model.SshAddress;
import io.provision.model.SshKey;
import io.provision.section.Key;
import io.provision.section.SectionEntry;
import io.provision.section.Text;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** What kind of value a key takes, in the words of whoever writes it. */
public final class TypeWords {
  private static final Map<Class<?>, String> WORDS =
      Map.ofEntries(
          Map.entry(String.class, "text"),
          Map.entry(Object.class, "anything"),
          Map.entry(boolean.class, "true or false"),
          Map.entry(int.class, "whole number"),
          Map.entry(long.class, "whole number"),
          Map.entry(OptionalInt.class, "whole number"),
          Map.entry(Duration.class, "duration such as 10s, 5m or 2h"),
          Map.entry(Path.class, "path on this machine"),
          Map.entry(SshKey.class, "path of a key on this machine, or ${env:NAME} with its text"),
          Map.entry(LocalFile.class, "path on this machine"),
          Map.entry(
              Secret.class, "secret: ${env:NAME}, ${file:PATH} or ${cmd:[program, argument]}"),
          Map.entry(Content.class, "text or secret"),
          Map.entry(Cidr.class, "network such as 192.168.56.0/24"),
          Map.entry(NodeAddress.class, "IP address"),
          Map.entry(SshAddress.class, "name or IP address"),
          Map.entry(HostName.class, "host of the inventory"),
          Map.entry(Grammar.Endpoint.class, "name or IP address"),
          Map.entry(Grammar.San.class, "name or IP address"),
          Map.entry(Grammar.Jump.class, "jump host: [user@]host[:port]"),
          Map.entry(Grammar.Login.class, "user name"),
          Map.entry(Grammar.Port.class, "port"),
          Map.entry(Grammar.MirrorUrl.class, "URL"));

  /** A value of each type that is written as one text. */
  private static final Map<Class<?>, String> SAMPLES =
      Map.ofEntries(
          Map.entry(Object.class, "1"),
          Map.entry(boolean.class, "true"),
          Map.entry(Path.class, "~/provision"),
          Map.entry(SshKey.class, "~/.ssh/id_ed25519"),
          Map.entry(Secret.class, "\"${env:NAME}\""),
          Map.entry(Cidr.class, "192.168.56.0/24"),
          Map.entry(NodeAddress.class, "192.168.56.21"),
          Map.entry(SshAddress.class, "192.168.56.21"),
          Map.entry(HostName.class, "w1"),
          Map.entry(io.provision.model.Version.class, "v1.36.4+k3s1"),
          Map.entry(io.provision.model.Taint.class, "dedicated=storage:NoSchedule"),
          Map.entry(Grammar.ClusterName.class, "home"),
          Map.entry(Grammar.DistributionName.class, "k3s"),
          Map.entry(Grammar.Endpoint.class, "api.example.org"),
          Map.entry(Grammar.San.class, "api.example.org"),
          Map.entry(Grammar.Jump.class, "admin@bastion.example.org"),
          Map.entry(Grammar.Login.class, "admin"),
          Map.entry(Grammar.Port.class, "2222"),
          Map.entry(Grammar.ContextName.class, "home"),
          Map.entry(Grammar.LabelKey.class, "disk"),
          Map.entry(Grammar.LabelValue.class, "ssd"),
          Map.entry(Grammar.GroupName.class, "edge"),
          Map.entry(Grammar.VariableName.class, "answer"),
          Map.entry(Grammar.MirrorUrl.class, "https://mirror.example.org/provision"),
          Map.entry(String.class, "text"),
          Map.entry(Grammar.TimeServer.class, "ntp.example.org"),
          Map.entry(Grammar.OpenPort.class, "30080"));

  private TypeWords() {}

  /**
   * A value of this type as it is written.
   *
   * @throws IllegalStateException where there is none yet
   */
  static String sample(Type type) {
    if (type instanceof ParameterizedType generic) {
      var of = generic.getActualTypeArguments();
      var raw = generic.getRawType();
      if (raw == Map.class) {
        return "{ %s: %s }".formatted(sample(of[0]), sample(of[1]));
      }
      return raw == Optional.class ? sample(of[0]) : "[%s]".formatted(sample(of[0]));
    }
    var plain = (Class<?>) type;
    var sample = SAMPLES.get(plain);
    var text = plain.getAnnotation(Text.class);
    if (sample != null || text != null) {
      return sample != null ? sample : text.sample();
    }
    if (plain.isEnum()) {
      return of(plain).split("\\|", 2)[0];
    }
    var shape = RecordShape.of(plain);
    if (plain.isRecord() && !shape.isValue()) {
      var required = shape.keys().stream().filter(MappingKey::isRequired).toList();
      var shown = required.isEmpty() ? List.of(shape.keys().getFirst()) : required;
      return shown.stream()
          .map(it -> it.name() + ": " + sample(it))
          .collect(Collectors.joining(", ", "{ ", " }"));
    }
    throw new IllegalStateException("no sample of " + plain);
  }

  /** The example that a key gives, else one of its type. */
  static String sample(MappingKey key) {
    return key.annotation(Key.class)
        .map(Key::example)
        .or(() -> key.section().map(SectionEntry::example))
        .filter(it -> !it.isEmpty())
        .orElseGet(() -> sample(key.type()));
  }

  /** For example {@code list of text}. */
  public static String of(Type type) {
    if (type instanceof ParameterizedType generic) {
      var of = generic.getActualTypeArguments();
      var raw = generic.getRawType();
      if (raw == Optional.class) {
        return of(of[0]);
      }
      if (raw == Map.class) {
        return "mapping of %s to %s".formatted(of(of[0]), of(of[1]));
      }
      if (raw == List.class || raw == Set.class) {
        return "list of " + of(of[0]);
      }
      throw new IllegalStateException("no words for " + type);
    }
    var plain = (Class<?>) type;
    var words = WORDS.get(plain);
    var text = plain.getAnnotation(Text.class);
    if (words != null || text != null && !text.kind().isEmpty()) {
      return words != null ? words : text.kind();
    }
    if (plain.isEnum()) {
      return Arrays.stream(plain.getEnumConstants())
          .map(it -> RecordShape.name((Enum<?>) it))
          .collect(Collectors.joining("|"));
    }
    if (plain.isRecord() && !RecordShape.of(plain).isValue()) {
      return "mapping";
    }
    return plain.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
