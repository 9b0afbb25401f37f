#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/assert.h"
#include "storage/crashable_storage.h"
#include "storage/memory_storage.h"

namespace streamscope::test {

/// What a CrashableMemory stands on: made before it and gone after it.
struct MemoryBelow {
  explicit MemoryBelow(std::unique_ptr<storage::MemoryStorage> storage = std::make_unique<storage::MemoryStorage>())
      : memory(std::move(storage)) {}
  std::unique_ptr<storage::MemoryStorage> memory;
};

/// A disk in memory whose machine can lose power, in the words a test uses.
class CrashableMemory final : private MemoryBelow, public storage::CrashableStorage {
 public:
  CrashableMemory() : CrashableStorage(*memory) {}

  /// See CrashableStorage::loseAllUnsynced.
  void crash(std::optional<uint64_t> lastAppendBytesKept = std::nullopt) {
    STREAMSCOPE_ASSERT(loseAllUnsynced(lastAppendBytesKept).has_value());
  }
  /// See CrashableStorage::losePower.
  void crashLeavingSome(uint64_t seed) { STREAMSCOPE_ASSERT(losePower(seed).has_value()); }

  /// Another disk in the same state, unsynced changes included; no file of it is open.
  std::unique_ptr<CrashableMemory> copy() const {
    return std::unique_ptr<CrashableMemory>(new CrashableMemory(memory->copy(), *this));
  }

  /// See MemoryStorage.
  void flipByte(const std::filesystem::path& path, uint64_t position, uint8_t mask) {
    memory->flipByte(path, position, mask);
  }
  uint64_t bytesStored() const { return memory->bytesStored(); }

 private:
  CrashableMemory(std::unique_ptr<storage::MemoryStorage> copyOfMemory, const CrashableMemory& other)
      : MemoryBelow(std::move(copyOfMemory)), CrashableStorage(*memory, other) {}
};

}  // namespace streamscope::test
