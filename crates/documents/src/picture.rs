//! Images, decoded and made anew.

use std::io::Cursor;

use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, ImageReader,
    Limits as Caps,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    metadata::Orientation,
};

use crate::{Limits, Refused};

/// An image's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// A PNG's or JPEG's bytes, with nothing in them but the picture.
    pub bytes: Vec<u8>,
    /// `image/png` or `image/jpeg`.
    pub media_type: &'static str,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// An image that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The image made anew, for showing and for models.
    pub image: Encoded,
    /// The same, small.
    pub thumb: Encoded,
}

pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Picture, Refused> {
    let mut caps = Caps::default();
    caps.max_alloc = Some(limits.pixel_bytes);
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| broken())?;
    reader.limits(caps.clone());
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits.pixels {
        return Err(Refused::TooLarge(format!(
            "it has {width} x {height} pixels; at most {} altogether are read",
            limits.pixels
        )));
    }
    if decoder.total_bytes() > limits.pixel_bytes {
        return Err(Refused::TooLarge(
            "its pixels take too much memory".to_owned(),
        ));
    }
    decoder.set_limits(caps).map_err(|error| refusal(&error))?;
    let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let full = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    // Made smaller before it is turned: turning needs a second copy.
    let mut image = within(&full, limits.image_px).unwrap_or(full);
    image.apply_orientation(turn);
    let thumb = within(&image, limits.thumb_px);
    Ok(Picture {
        thumb: encode(thumb.as_ref().unwrap_or(&image))?,
        image: encode(&image)?,
    })
}

/// The image with at most `most` pixels on its longer side; `None` when it has no more.
fn within(image: &DynamicImage, most: u32) -> Option<DynamicImage> {
    (image.width().max(image.height()) > most).then(|| image.thumbnail(most, most))
}

fn encode(image: &DynamicImage) -> Result<Encoded, Refused> {
    let (width, height) = (image.width(), image.height());
    let mut bytes = Vec::new();
    let (media_type, written) = if image.color().has_alpha() {
        let pixels = image.to_rgba8();
        let png = PngEncoder::new(&mut bytes);
        (
            "image/png",
            png.write_image(pixels.as_raw(), width, height, ExtendedColorType::Rgba8),
        )
    } else {
        let pixels = image.to_rgb8();
        let jpeg = JpegEncoder::new_with_quality(&mut bytes, 88);
        (
            "image/jpeg",
            jpeg.write_image(pixels.as_raw(), width, height, ExtendedColorType::Rgb8),
        )
    };
    written.map_err(|error| refusal(&error))?;
    Ok(Encoded {
        bytes,
        media_type,
        width,
        height,
    })
}

fn refusal(error: &ImageError) -> Refused {
    match error {
        ImageError::Limits(_) => Refused::TooLarge("its pixels take too much memory".to_owned()),
        _ => broken(),
    }
}

fn broken() -> Refused {
    Refused::Unreadable("it is not an image that can be opened".to_owned())
}
