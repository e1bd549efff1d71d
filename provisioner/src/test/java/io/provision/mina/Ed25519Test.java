package io.provision.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.ssh.TestKeys;
import java.security.InvalidKeyException;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.common.util.security.eddsa.generic.EdDSASupport;
import org.junit.jupiter.api.Test;

/** Keys of Ed25519 as MINA asks for them; RFC 8032 is the measure. */
class Ed25519Test {
  @SuppressWarnings("unchecked") // there is one, which is registered here
  private static EdDSASupport<EdECPublicKey, EdECPrivateKey> support() {
    Ed25519.register();
    return (EdDSASupport<EdECPublicKey, EdECPrivateKey>)
        SecurityUtils.getEdDSASupport().orElseThrow();
  }

  /** RFC 8032, 7.1, the tests 1 to 3. */
  @Test
  void thePublicKeyOfASecretIsThatOfTheStandard() throws Exception {
    var vectors =
        new String[][] {
          {
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
          },
          {
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
          },
          {
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
          }
        };
    for (var vector : vectors) {
      var secret = support().generateEDDSAPrivateKey(HexFormat.of().parseHex(vector[0]));
      var open = support().recoverEDDSAPublicKey(secret);
      assertThat(HexFormat.of().formatHex(support().getPublicKeyData(open))).isEqualTo(vector[1]);
    }
  }

  @Property(tries = 50)
  void whatIsReadIsWhatWasWritten(@ForAll @Size(32) byte[] seed) throws Exception {
    var secret = support().generateEDDSAPrivateKey(seed);
    assertThat(support().getPrivateKeyData(secret)).isEqualTo(seed);
    var open = support().recoverEDDSAPublicKey(secret);
    var read = support().generateEDDSAPublicKey(support().getPublicKeyData(open));
    assertThat(read).isEqualTo(open);
    assertThat(KeyUtils.compareKeys(read, open)).isTrue();
    assertThat(KeyUtils.getKeyType(read)).isEqualTo("ssh-ed25519");
    assertThat(KeyUtils.getKeySize(read)).isEqualTo(256);
  }

  @Test
  void keysOfAnotherCurveAreNone() throws Exception {
    var other = KeyPairGenerator.getInstance("Ed448").generateKeyPair();
    assertThatThrownBy(() -> support().recoverEDDSAPublicKey(other.getPrivate()))
        .isInstanceOf(InvalidKeyException.class);
    assertThat(support().getEDDSAKeySize(other.getPublic())).isEqualTo(-1);
    var ours = TestKeys.ed25519();
    assertThat(support().compareEDDSAPPublicKeys(other.getPublic(), other.getPublic())).isFalse();
    assertThat(support().compareEDDSAPPublicKeys(ours.getPublic(), ours.getPublic())).isTrue();
    assertThat(support().compareEDDSAPrivateKeys(ours.getPrivate(), ours.getPrivate())).isTrue();
    assertThat(support().compareEDDSAPrivateKeys(ours.getPrivate(), other.getPrivate())).isFalse();
  }
}
