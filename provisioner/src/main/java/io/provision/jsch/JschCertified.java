package io.provision.jsch;

import com.jcraft.jsch.Identity;
import io.provision.ssh.Certificate;

/** A key that is shown with an authority's word for it, and signs as ever. */
record JschCertified(Identity key, Certificate certificate) implements Identity {
  @Override
  public boolean setPassphrase(byte[] passphrase) {
    return true;
  }

  @Override
  public byte[] getPublicKeyBlob() {
    return certificate.whole().blob();
  }

  @Override
  public byte[] getSignature(byte[] data) {
    return key.getSignature(data);
  }

  @Override
  public byte[] getSignature(byte[] data, String algorithm) {
    return key.getSignature(data, Certificate.plain(algorithm));
  }

  @Override
  public String getAlgName() {
    return certificate.whole().type();
  }

  @Override
  public String getName() {
    return certificate.name();
  }

  @Override
  public boolean isEncrypted() {
    return false;
  }

  @Override
  public void clear() {
    key.clear();
  }
}
