#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "protocol/field.h"

namespace streamscope::protocol {

// Values of control records. Their keys say which it is: version int16, type int16.

/// Ends a transaction on one partition: abort is control type 0, commit control type 1. Kafka: EndTransactionMarker.
struct EndTxnMarker {
  static constexpr MessageInfo kInfo{"EndTxnMarker", -1, 0, 0};

  /// Stands in the key, not in the value.
  bool isCommit = false;
  int16_t version = 0;
  int32_t coordinatorEpoch = 0;

  bool operator==(const EndTxnMarker&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Version", &EndTxnMarker::version, since(0));
    visit("CoordinatorEpoch", &EndTxnMarker::coordinatorEpoch, since(0));
  }
};

/// First record of a new leader of the metadata log (control type 2).
struct LeaderChangeMessage {
  static constexpr MessageInfo kInfo{"LeaderChangeMessage", -1, 0, 1, 0};

  struct Voter {
    int32_t voterId = 0;
    base::Uuid voterDirectoryId;

    bool operator==(const Voter&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("VoterId", &Voter::voterId, since(0));
      visit("VoterDirectoryId", &Voter::voterDirectoryId, since(1));
    }
  };

  int16_t version = 0;
  int32_t leaderId = 0;
  std::vector<Voter> voters;
  std::vector<Voter> grantingVoters;

  bool operator==(const LeaderChangeMessage&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Version", &LeaderChangeMessage::version, since(0));
    visit("LeaderId", &LeaderChangeMessage::leaderId, since(0));
    visit("Voters", &LeaderChangeMessage::voters, since(0));
    visit("GrantingVoters", &LeaderChangeMessage::grantingVoters, since(0));
  }
};

/// First record of a metadata snapshot (control type 3).
struct SnapshotHeaderRecord {
  static constexpr MessageInfo kInfo{"SnapshotHeaderRecord", -1, 0, 0, 0};

  int16_t version = 0;
  int64_t lastContainedLogTimestamp = 0;

  bool operator==(const SnapshotHeaderRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Version", &SnapshotHeaderRecord::version, since(0));
    visit("LastContainedLogTimestamp", &SnapshotHeaderRecord::lastContainedLogTimestamp, since(0));
  }
};

/// Last record of a metadata snapshot (control type 4).
struct SnapshotFooterRecord {
  static constexpr MessageInfo kInfo{"SnapshotFooterRecord", -1, 0, 0, 0};

  int16_t version = 0;

  bool operator==(const SnapshotFooterRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Version", &SnapshotFooterRecord::version, since(0));
  }
};

/// The version of the quorum's protocol (control type 5): from 1 on, voters are known by id and directory (KIP-853).
struct KRaftVersionRecord {
  static constexpr MessageInfo kInfo{"KRaftVersionRecord", -1, 0, 0, 0};

  int16_t version = 0;
  int16_t kRaftVersion = 0;

  bool operator==(const KRaftVersionRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Version", &KRaftVersionRecord::version, since(0));
    visit("KRaftVersion", &KRaftVersionRecord::kRaftVersion, since(0));
  }
};

/// The voters of the quorum (control type 6, KIP-853).
struct VotersRecord {
  static constexpr MessageInfo kInfo{"VotersRecord", -1, 0, 0, 0};

  struct Endpoint {
    std::string name;
    std::string host;
    uint16_t port = 0;

    bool operator==(const Endpoint&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("Name", &Endpoint::name, since(0));
      visit("Host", &Endpoint::host, since(0));
      visit("Port", &Endpoint::port, since(0));
    }
  };

  struct KRaftVersionFeature {
    int16_t minSupportedVersion = 0;
    int16_t maxSupportedVersion = 0;

    bool operator==(const KRaftVersionFeature&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("MinSupportedVersion", &KRaftVersionFeature::minSupportedVersion, since(0));
      visit("MaxSupportedVersion", &KRaftVersionFeature::maxSupportedVersion, since(0));
    }
  };

  struct Voter {
    int32_t voterId = 0;
    base::Uuid voterDirectoryId;
    std::vector<Endpoint> endpoints;
    KRaftVersionFeature kRaftVersionFeature;

    bool operator==(const Voter&) const = default;

    template <class Visitor>
    static void fields(Visitor& visit) {
      visit("VoterId", &Voter::voterId, since(0));
      visit("VoterDirectoryId", &Voter::voterDirectoryId, since(0));
      visit("Endpoints", &Voter::endpoints, since(0));
      visit("KRaftVersionFeature", &Voter::kRaftVersionFeature, since(0));
    }
  };

  int16_t version = 0;
  std::vector<Voter> voters;

  bool operator==(const VotersRecord&) const = default;

  template <class Visitor>
  static void fields(Visitor& visit) {
    visit("Version", &VotersRecord::version, since(0));
    visit("Voters", &VotersRecord::voters, since(0));
  }
};

}  // namespace streamscope::protocol
