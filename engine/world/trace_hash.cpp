#include "world/trace_hash.h"

#include <openssl/evp.h>

#include <array>
#include <concepts>
#include <string_view>
#include <type_traits>

#include "base/assert.h"
#include "world/trace_fields.h"

namespace streamscope::world {
namespace {

/// Bytes gathered before the digest sees them, since each call of the library has a price.
constexpr size_t kBufferBytes = 64 * 1024;

class CanonicalWriter {
 public:
  explicit CanonicalWriter(base::Bytes& bytes) : m_bytes(bytes) {}

  void writeInteger(uint64_t value) {
    std::array<uint8_t, 8> raw;
    for (size_t i = 0; i < raw.size(); ++i) raw[i] = static_cast<uint8_t>(value >> (56 - 8 * i));
    m_bytes.insert(m_bytes.end(), raw.begin(), raw.end());
  }

  /// The kind's position stands for its name.
  void kind(std::string_view) {}

  template <class Value>
  void operator()(std::string_view, const Value& value) {
    write(value);
  }

 private:
  template <class Value>
  requires std::integral<Value> || std::is_enum_v<Value>
  void write(Value value) { writeInteger(static_cast<uint64_t>(static_cast<int64_t>(value))); }
  void write(const Address& address) {
    write(address.kind);
    write(address.id);
  }
  void write(base::VirtualTime time) { write(base::microseconds(time)); }
  void write(const std::string& text) {
    writeInteger(text.size());
    const base::ByteView raw = base::asBytes(text);
    m_bytes.insert(m_bytes.end(), raw.begin(), raw.end());
  }
  void write(const base::TopicPartition& partition) {
    write(partition.topic);
    write(partition.partition);
  }
  void write(const std::vector<base::BrokerId>& brokers) {
    writeInteger(brokers.size());
    for (const base::BrokerId broker : brokers) write(broker);
  }
  void write(const std::vector<base::TopicPartition>& partitions) {
    writeInteger(partitions.size());
    for (const base::TopicPartition& partition : partitions) write(partition);
  }

  base::Bytes& m_bytes;
};

struct DigestFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, DigestFree>;

}  // namespace

void appendCanonicalBytes(const TraceEvent& event, base::Bytes& bytes) {
  CanonicalWriter writer(bytes);
  writer.writeInteger(event.id);
  writer.writeInteger(event.cause);
  writer.writeInteger(static_cast<uint64_t>(base::microseconds(event.time)));
  writer.writeInteger(event.payload.index());
  visitFields(event.payload, writer);
}

struct TraceHash::Impl {
  Digest digest{EVP_MD_CTX_new()};
  base::Bytes buffer;

  void flush() {
    STREAMSCOPE_ASSERT(EVP_DigestUpdate(digest.get(), buffer.data(), buffer.size()) == 1);
    buffer.clear();
  }
};

TraceHash::TraceHash() : m_impl(std::make_unique<Impl>()) {
  m_impl->buffer.reserve(kBufferBytes + 4096);
  STREAMSCOPE_ASSERT(EVP_DigestInit_ex(m_impl->digest.get(), EVP_sha256(), nullptr) == 1);
}
TraceHash::~TraceHash() = default;

void TraceHash::add(const TraceEvent& event) {
  appendCanonicalBytes(event, m_impl->buffer);
  if (m_impl->buffer.size() >= kBufferBytes) m_impl->flush();
}

std::string TraceHash::hex() const {
  m_impl->flush();
  const Digest copy{EVP_MD_CTX_new()};
  std::array<uint8_t, 32> result{};
  STREAMSCOPE_ASSERT(EVP_MD_CTX_copy_ex(copy.get(), m_impl->digest.get()) == 1);
  STREAMSCOPE_ASSERT(EVP_DigestFinal_ex(copy.get(), result.data(), nullptr) == 1);
  return base::toHex(result);
}

}  // namespace streamscope::world
