package io.provision.steps.os;

import io.provision.resource.Piece;
import io.provision.resource.UserAccount;
import io.provision.step.Parameter;
import io.provision.step.Target;
import java.util.List;
import java.util.Optional;

/**
 * {@code user}: a user that exists, with this shell, in these groups and with these keys at least.
 *
 * @param authorizedKeys lines of authorized_keys
 */
public record UserStep(
    @Parameter(value = "The user.", example = "demo") String name,
    @Parameter(value = "Its login shell.", usual = "@", example = "/bin/bash")
        Optional<String> shell,
    @Parameter(value = "Groups it is in, at least.", usual = "none", example = "[adm]")
        Optional<List<String>> groups,
    @Parameter(
            value = "Lines of authorized_keys that are there, at least.",
            usual = "none",
            example = "[\"ssh-ed25519 AAAAC3Nz demo\"]")
        Optional<List<String>> authorizedKeys)
    implements PieceStep {
  public UserStep {
    var unused = account(name, shell, groups, authorizedKeys);
  }

  private static UserAccount account(
      String name,
      Optional<String> shell,
      Optional<List<String>> groups,
      Optional<List<String>> keys) {
    return new UserAccount(name, shell, groups.orElse(List.of()), keys.orElse(List.of()));
  }

  @Override
  public Piece piece(Target.OnHost target) {
    return account(name, shell, groups, authorizedKeys);
  }
}
