#include "md5.h"

#include <openssl/evp.h>

#include "base/assert.h"

namespace streamscope::log {

void Md5::ContextFree::operator()(EVP_MD_CTX* context) const {
  EVP_MD_CTX_free(context);
}

Md5::Md5() : m_context(EVP_MD_CTX_new()) {
  STREAMSCOPE_ASSERT(m_context && EVP_DigestInit_ex(m_context.get(), EVP_md5(), nullptr) == 1);
}

Md5Digest Md5::operator()(base::ByteView bytes) const {
  Md5Digest digest;
  // No type: the one of the constructor, without looking it up again.
  const bool done = EVP_DigestInit_ex(m_context.get(), nullptr, nullptr) == 1 &&
                    EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size()) == 1 &&
                    EVP_DigestFinal_ex(m_context.get(), digest.data(), nullptr) == 1;
  STREAMSCOPE_ASSERT(done);
  return digest;
}

}  // namespace streamscope::log
