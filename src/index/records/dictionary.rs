//! What records of a corpus have in common, so that few of them compress as well as many.
//!
//! Reports say the same things in the same words. A trained dictionary holds what occurs in many of
//! them, with the statistics of the code: groups of a few kilobytes then come to three quarters of
//! the size that they have alone.

use zstd::zstd_safe::{
    CCtx, CDict, DCtx, DDict, compress_bound, get_frame_content_size, train_from_buffer,
};

/// Bytes of records for each byte of a dictionary, at least.
const RECORDS: usize = 32;
/// Records of fewer bytes do without a dictionary.
const FEWEST: usize = 1 << 20;

/// How much is done for small files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// What a build does: twice the dictionary and three times the level would save a tenth and take
    /// four times the time.
    Build,
    /// What is done once, when an index is optimized.
    Optimize,
}

impl Effort {
    /// Returns the level of compression.
    fn level(self) -> i32 {
        match self {
            Effort::Build => 3,
            Effort::Optimize => 9,
        }
    }

    /// Returns the bytes of the largest dictionary.
    fn largest(self) -> usize {
        match self {
            Effort::Build => 112 << 10,
            Effort::Optimize => 512 << 10,
        }
    }

    /// Returns about how many bytes of records a dictionary is trained on; more gain a hundredth
    /// and take their time.
    fn sample(self) -> usize {
        self.largest() * 4
    }
}
/// Bytes that a group may come to: far more than the largest file that is read.
const MOST: u64 = 1 << 31;

/// A dictionary with which records are written.
pub(super) struct Dictionary {
    bytes: Vec<u8>,
    prepared: CDict<'static>,
}

impl std::fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dictionary")
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

impl Dictionary {
    /// Takes a dictionary that was trained; `None` if it is none.
    pub(super) fn new(bytes: Vec<u8>, effort: Effort) -> Option<Self> {
        let prepared = CDict::try_create(&bytes, effort.level())?;
        Some(Dictionary { bytes, prepared })
    }

    /// Trains one on so many records of so many bytes, evenly taken since neighbours are alike;
    /// `None` if they are too few.
    pub(super) fn train<E>(
        records: usize,
        total: usize,
        effort: Effort,
        record: impl Fn(usize, &mut Vec<u8>) -> Result<(), E>,
    ) -> Result<Option<Self>, E> {
        if total < FEWEST {
            return Ok(None);
        }
        let every = total.div_ceil(effort.sample());
        let (mut sample, mut sizes) = (Vec::with_capacity(2 * effort.sample()), Vec::new());
        for number in (0..records).step_by(every) {
            let start = sample.len();
            record(number, &mut sample)?;
            if sample.len() > start {
                sizes.push(sample.len() - start);
            }
        }
        let most = (total / RECORDS).min(effort.largest());
        let mut bytes = Vec::with_capacity(most);
        let trained = train_from_buffer(&mut bytes, &sample, &sizes);
        Ok(trained.ok().and_then(|_| Dictionary::new(bytes, effort)))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Compresses groups.
pub(super) struct Packer(CCtx<'static>);

impl Packer {
    pub(super) fn new() -> Option<Self> {
        CCtx::try_create().map(Packer)
    }

    /// Replaces `packed` by a group's frame; `None` if memory is short.
    pub(super) fn pack(
        &mut self,
        group: &[u8],
        dictionary: Option<&Dictionary>,
        packed: &mut Vec<u8>,
    ) -> Option<()> {
        packed.clear();
        packed.reserve(compress_bound(group.len()));
        let done = match dictionary {
            Some(dictionary) => self
                .0
                .compress_using_cdict(packed, group, &dictionary.prepared),
            None => self.0.compress(packed, group, Effort::Build.level()),
        };
        done.ok().map(drop)
    }
}

/// Unpacks groups.
pub(super) struct Unpacker(DCtx<'static>);

impl Unpacker {
    pub(super) fn new() -> Option<Self> {
        DCtx::try_create().map(Unpacker)
    }

    /// Replaces `group` by what was packed in a frame; `None` if it is damaged.
    pub(super) fn unpack(
        &mut self,
        frame: &[u8],
        dictionary: Option<&DDict<'_>>,
        group: &mut Vec<u8>,
    ) -> Option<()> {
        group.clear();
        let size = get_frame_content_size(frame).ok()??;
        if size > MOST {
            return None;
        }
        group.try_reserve(size as usize).ok()?;
        let done = match dictionary {
            Some(dictionary) => self.0.decompress_using_ddict(group, frame, dictionary),
            None => self.0.decompress(group, frame),
        };
        done.ok().map(drop)
    }
}
