package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * From systemd 255 on NeedDaemonReload is set on every unit after an {@code enable --no-reload} of
 * any (github.com/systemd/systemd/issues/29347).
 */
final class ReloadOfSystemdTest {
  @Test
  void onlyWhatIsAboutToStartAUnitAsksWhetherSystemdShouldReadItsFilesAgain() {
    assertThat(AllFunctions.byName().values())
        .filteredOn(function -> function.body().contains("NeedDaemonReload"))
        .extracting(ShellFunction::name)
        .containsExactly("bring_unit");
  }
}
