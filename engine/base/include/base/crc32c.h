#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace streamscope::base {

/// CRC-32C (Castagnoli), as in record batches: crc32c of "123456789" is 0xE3069283. ISA-L when the build has it (24-28
/// GB/s where measured), else the processor's own instruction for it (SSE 4.2, ARMv8), else the portable table below.
uint32_t crc32c(ByteView bytes);

/// Slicing-by-8; the same value on any machine. Public so that a test can hold the two against each other.
uint32_t crc32cPortable(ByteView bytes);

}  // namespace streamscope::base
