#pragma once

#include <openssl/types.h>

#include <array>
#include <cstdint>
#include <memory>

#include "base/bytes.h"

namespace streamscope::log {

using Md5Digest = std::array<uint8_t, 16>;

/// MD5 (RFC 1321), by which Kafka's cleaner tells keys apart. One object for many digests: making the library's
/// context costs more than the digest of a key.
class Md5 {
 public:
  Md5();
  Md5Digest operator()(base::ByteView bytes) const;

 private:
  struct ContextFree {
    void operator()(EVP_MD_CTX* context) const;
  };
  std::unique_ptr<EVP_MD_CTX, ContextFree> m_context;
};

}  // namespace streamscope::log
