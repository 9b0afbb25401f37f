#include "mutator.h"

#include <algorithm>
#include <array>

namespace streamscope::fuzz {

namespace {

constexpr size_t kPieceMax = 32;

/// Where lengths, counts and offsets go wrong; written with their lowest bytes when there is less room.
constexpr std::array<uint64_t, 10> kEdges{0,      1,          0x7f,       0x80,       0xff,
                                          0x7fff, 0xffffffff, 0x7fffffff, 0x80000000, 0xffffffffffffffff};

size_t positionIn(const base::Bytes& bytes, base::Random& random) {
  return random.below(bytes.size());
}

void flipBit(base::Bytes& bytes, base::Random& random) {
  uint8_t& byte = bytes[positionIn(bytes, random)];
  byte = static_cast<uint8_t>(byte ^ (1U << random.below(8)));
}

void writeEdge(base::Bytes& bytes, base::Random& random) {
  const size_t position = positionIn(bytes, random);
  const size_t width = std::min(size_t{1} << random.below(4), bytes.size() - position);
  const uint64_t value = kEdges[random.below(kEdges.size())];
  for (size_t i = 0; i < width; ++i) bytes[position + i] = static_cast<uint8_t>(value >> (8 * (width - 1 - i)));
}

/// A piece of `source` somewhere into `bytes`.
void insertPiece(base::Bytes& bytes, const base::Bytes& source, base::Random& random) {
  if (source.empty()) return;
  const size_t begin = positionIn(source, random);
  const size_t size = std::min(1 + random.below(kPieceMax), source.size() - begin);
  const base::Bytes piece(source.begin() + static_cast<ptrdiff_t>(begin),
                          source.begin() + static_cast<ptrdiff_t>(begin + size));
  const auto at = bytes.begin() + static_cast<ptrdiff_t>(random.below(bytes.size() + 1));
  bytes.insert(at, piece.begin(), piece.end());
}

void erasePiece(base::Bytes& bytes, base::Random& random) {
  const size_t begin = positionIn(bytes, random);
  const size_t size = std::min(1 + random.below(kPieceMax), bytes.size() - begin);
  bytes.erase(bytes.begin() + static_cast<ptrdiff_t>(begin), bytes.begin() + static_cast<ptrdiff_t>(begin + size));
}

base::Bytes noise(base::Random& random) {
  base::Bytes bytes(random.below(200));
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random.next());
  return bytes;
}

void damage(base::Bytes& bytes, const std::vector<base::Bytes>& samples, base::Random& random) {
  if (bytes.empty()) return;
  switch (random.below(6)) {
    case 0:
      return flipBit(bytes, random);
    case 1:
      return writeEdge(bytes, random);
    case 2:
      return insertPiece(bytes, base::Bytes(bytes), random);
    case 3:
      return insertPiece(bytes, samples[random.below(samples.size())], random);
    case 4:
      return erasePiece(bytes, random);
    default:
      return bytes.resize(positionIn(bytes, random));
  }
}

}  // namespace

base::Bytes mutate(const std::vector<base::Bytes>& samples, base::Random& random) {
  if (samples.empty() || random.chance(1, 32)) return noise(random);
  base::Bytes bytes = samples[random.below(samples.size())];
  for (uint64_t count = 1 + random.below(4); count > 0; --count) damage(bytes, samples, random);
  return bytes;
}

}  // namespace streamscope::fuzz
