#include "bootstrap.h"

namespace streamscope::controller {

std::vector<protocol::MetadataRecord> bootstrapRecords() {
  return {protocol::FeatureLevelRecord{std::string(kMetadataVersionFeature), kMetadataVersionLevel}};
}

}  // namespace streamscope::controller
