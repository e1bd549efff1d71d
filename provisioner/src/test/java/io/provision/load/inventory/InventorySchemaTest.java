package io.provision.load.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.provision.steps.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code inventories/schema.json} is what the loader's own types say. After a change of theirs:
 * {@code mvn -pl provisioner test -Dtest=InventorySchemaTest -Dschema.write=true}.
 */
class InventorySchemaTest {
  private static final Path FILE = ExampleInventoriesTest.INVENTORIES.resolve("schema.json");

  @Test
  void theFileIsWhatTheTypesSay() throws IOException {
    if (Boolean.getBoolean("schema.write")) {
      Files.writeString(FILE, generated());
    }
    assertThat(Files.readString(FILE)).isEqualTo(generated());
  }

  @ParameterizedTest
  @ValueSource(strings = {"home.yml", "ha.yml", "hosts-only.yml"})
  void theExamplesAreValid(String name) throws IOException {
    var text = Files.readString(ExampleInventoriesTest.INVENTORIES.resolve(name));
    assertThat(schema().validate(text, InputFormat.YAML)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown-key",
        "unknown-top-key",
        "unknown-ssh-key",
        "wrong-type-mapping",
        "wrong-type-list",
        "wrong-type-scalar",
        "cidr-without-prefix",
        "unknown-role",
        "hosts-left-out",
        "version-garbage",
        "unknown-distribution",
        "label-value",
        "label-key",
        "taint-effect",
        "port-out-of-range",
        "host-keys",
        "metallb-garbage",
        "endpoint-with-scheme",
        "jump-garbage",
        "volume-brick-relative",
        "host-name",
        "no-hosts",
        "group-built-in",
        "host-named-as-group",
        "k3s-option-of-ours",
        "node-address-of-every-machine",
        "address-not-ipv4",
        "address-with-port",
        "jump-not-ipv4",
        "variable-of-the-shell",
        "secret-inside-text",
        "secret-unknown-kind",
        "volume-brick-of-the-system",
        "mirror-garbage",
        "user-is-an-option"
      })
  void whatTheLoaderRefusesByItsFormTheSchemaRefusesToo(String name) throws IOException {
    var text = Files.readString(Path.of("src/test/resources/broken", name + ".yml"));
    assertThat(schema().validate(text, InputFormat.YAML)).isNotEmpty();
  }

  @Test
  void whatHoldsBetweenTwoKeysIsLeftToTheLoader() throws IOException {
    var text = Files.readString(Path.of("src/test/resources/broken/group-of-unknown-hosts.yml"));
    assertThat(schema().validate(text, InputFormat.YAML)).isEmpty();
  }

  private static Schema schema() throws IOException {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(Files.readString(FILE), InputFormat.JSON);
  }

  private static String generated() throws IOException {
    var lines = new DefaultIndenter("  ", "\n");
    var printer = new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
    return new ObjectMapper()
            .writer(printer)
            .writeValueAsString(InventorySchema.document(Catalog.areas()))
        + "\n";
  }
}
