package io.provision.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.model.Cidr;
import io.provision.model.Content;
import io.provision.model.HostName;
import io.provision.model.Role;
import io.provision.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TemplateTest {
  private record Inner(HostName name, int port) {}

  private record Model(
      Inner inner,
      List<Role> roles,
      Map<String, Boolean> flags,
      Optional<String> absent,
      Optional<Cidr> cidr) {}

  private record Login(String user, Optional<Secret> password) {}

  private static final Model MODEL =
      new Model(
          new Inner(new HostName("w1"), 123456),
          List.of(Role.CONTROL_PLANE),
          Map.of("on", true),
          Optional.empty(),
          Optional.of(Cidr.parse("10.0.0.0/8")));

  private record Later(List<Login> logins) {}

  @TempDir Path directory;

  @Test
  void rendersNestedRecordsListsAndMapsAsAComputerReadsThem() throws IOException {
    assertThat(
            text(
                "${inner.name} ${inner.port} <#list roles as r>${r}</#list> ${flags.on}"
                    + " ${cidr}<#if absent??>!</#if>",
                MODEL))
        .isEqualTo(Content.of("w1 123456 control-plane true 10.0.0.0/8"));
  }

  @Test
  void aModelWithASecretGivesSensitiveContent() throws IOException {
    var content = text("${user}:${password}", new Login("u", Optional.of(Secret.of("pß"))));
    assertThat(content).isInstanceOf(Content.Sensitive.class);
    assertThat(content.toString()).doesNotContain("pß");
    assertThat(new String(content.bytes(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("u:pß");
    assertThat(text("${user}", new Login("u", Optional.empty()))).isEqualTo(Content.of("u"));
  }

  @Test
  void whatIsUndefinedIsAnErrorWithItsLine() {
    assertThatThrownBy(() -> text("one\n${absent}", MODEL))
        .isInstanceOf(RenderException.class)
        .hasMessageContaining(".ftl:2")
        .hasMessageContaining("absent");
  }

  @Test
  void nothingGetsOut() throws IOException {
    var below = Files.createDirectory(directory.resolve("below"));
    Files.writeString(directory.resolve("outside.txt"), "outside");
    for (var harm :
        List.of(
            "<#assign x='freemarker.template.utility.Execute'?new()>${x('id')}",
            "${inner?api.class}",
            "${inner.class.name}",
            "<#include '../outside.txt'>",
            "<#include '/etc/passwd'>",
            "<#list 1..1000000000 as i>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</#list>")) {
      assertThatThrownBy(() -> text(below, harm, MODEL))
          .as(harm)
          .isInstanceOf(RenderException.class);
    }
    Files.createSymbolicLink(below.resolve("link.txt"), directory.resolve("outside.txt"));
    assertThatThrownBy(() -> text(below, "<#include 'link.txt'>", MODEL))
        .isInstanceOf(RenderException.class);
    Files.writeString(directory.resolve("inside.txt"), "inside");
    assertThat(text("<#include 'inside.txt'>", MODEL)).isEqualTo(Content.of("inside"));
  }

  @Test
  void aFileIsReadOnceSoThatAllHostsAreGivenTheSame() throws IOException {
    var file = Files.writeString(directory.resolve("once.ftl"), "before");
    assertThat(Template.file(file).render(MODEL)).isEqualTo(Content.of("before"));
    Files.writeString(file, "after it");
    assertThat(Template.file(file).render(MODEL)).isEqualTo(Content.of("before"));
  }

  @Test
  void aListThatIsMadeLaterIsMadeForTheElementsThatAreRead() throws IOException {
    var made = new ArrayList<Integer>();
    var later =
        new Each<Integer, Login>(
            List.of(1, 2, 3),
            number -> {
              made.add(number);
              return new Login("u" + number, Optional.of(Secret.of("p" + number)));
            });
    assertThat(text("${logins?size} ${logins[1].user}", new Later(later)))
        .isInstanceOf(Content.Sensitive.class);
    assertThat(made).isNotEmpty().containsOnly(2);
    assertThat(text("${logins?size}", new Later(later))).isEqualTo(Content.of("3"));
  }

  @Test
  void aTemplateThatIsNotThereIsNamed() throws IOException {
    assertThatThrownBy(() -> Template.of("os/none.ftl").render(MODEL))
        .hasMessage("there is no template templates/os/none.ftl");
    assertThatThrownBy(() -> Template.file(directory.resolve("none")).render(MODEL))
        .hasMessageContaining("there is no template " + directory.toRealPath());
  }

  private Content text(String template, Record model) throws IOException {
    return text(directory, template, model);
  }

  private static Content text(Path at, String template, Record model) throws IOException {
    // A file of its own each time: one is read once.
    var file = Files.createTempFile(at, "t", ".ftl");
    Files.writeString(file, template);
    return Template.file(file).render(model);
  }
}
