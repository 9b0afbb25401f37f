#pragma once

#include <memory>
#include <optional>
#include <span>

#include "batch_scanner.h"
#include "producer_state_manager.h"
#include "segment.h"

namespace streamscope::log {

/// Takes note of the batch that `scanner` returned last, which was Complete. Reads its records only for markers.
base::Result<std::optional<AbortedTransaction>> noteBatch(BatchScanner& scanner, const BatchHeader& header,
                                                          ProducerStateManager& state);

/// Brings `state` from its end offset to `until` with the batches of `segments`, of which only headers are read. Damage
/// in a segment ends what is known from it: it is told to whoever reads there. Kafka: UnifiedLog.rebuildProducerState.
base::Status replayProducers(std::span<const std::unique_ptr<Segment>> segments, base::Offset until,
                             ProducerStateManager& state);

}  // namespace streamscope::log
