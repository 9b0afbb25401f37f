#pragma once

#include <cstdint>

#include "base/result.h"
#include "controller/metadata_image.h"

namespace streamscope::controller {

/// Producer ids a broker is given at a time (Kafka: ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE).
inline constexpr int32_t kProducerIdsBlockSize = 1000;

/// Ids nobody else gets, from `firstProducerId` on, once the record is written.
struct ProducerIdsBlock {
  int64_t firstProducerId = 0;
  protocol::ProducerIdsRecord record;
};

/// UNKNOWN_SERVER_ERROR when the ids are used up. Source: Kafka's ProducerIdControlManager.
base::Result<ProducerIdsBlock> nextProducerIdsBlock(const MetadataImage& image, base::BrokerId broker,
                                                    int64_t brokerEpoch);

}  // namespace streamscope::controller
