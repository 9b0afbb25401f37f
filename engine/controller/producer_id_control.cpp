#include "producer_id_control.h"

#include <limits>

namespace streamscope::controller {

base::Result<ProducerIdsBlock> nextProducerIdsBlock(const MetadataImage& image, base::BrokerId broker,
                                                    int64_t brokerEpoch) {
  const int64_t first = image.nextProducerId();
  if (first > std::numeric_limits<int64_t>::max() - kProducerIdsBlockSize) {
    return base::fail(base::ErrorCode::UNKNOWN_SERVER_ERROR,
                      "Exhausted all producerIds as the next block's end producerId has exceeded the int64 type limit");
  }
  return ProducerIdsBlock{first, {broker, brokerEpoch, first + kProducerIdsBlockSize}};
}

}  // namespace streamscope::controller
