//! Images are made anew.

use std::io::Cursor;

use documents::{Limits, picture};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn red_and_blue(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 {
            Rgb([250, 0, 0])
        } else {
            Rgb([0, 0, 250])
        }
    })
    .into()
}

#[test]
fn every_format_is_read_and_made_small() {
    use ImageFormat::{Gif, Jpeg, Png, WebP};
    for format in [Png, Jpeg, WebP, Gif] {
        let file = encoded(&red_and_blue(800, 400), format);
        let picture = picture(&file, &Limits::default()).unwrap();
        assert_eq!((picture.image.width, picture.image.height), (800, 400));
        assert_eq!((picture.thumb.width, picture.thumb.height), (320, 160));
        for made in [&picture.image, &picture.thumb] {
            let again = image::load_from_memory(&made.bytes).unwrap();
            assert_eq!((again.width(), again.height()), (made.width, made.height));
        }
    }
}

#[test]
fn what_is_see_through_stays_so() {
    let image = RgbaImage::from_pixel(8, 8, Rgba([1, 2, 3, 40]));
    let file = encoded(&image.into(), ImageFormat::Png);
    let picture = picture(&file, &Limits::default()).unwrap();
    assert_eq!(picture.image.media_type, "image/png");
    let again = image::load_from_memory(&picture.image.bytes).unwrap();
    assert_eq!(again.to_rgba8().get_pixel(3, 3), &Rgba([1, 2, 3, 40]));
}

/// A JPEG whose camera was turned (orientation 6) and wrote where it was.
fn turned_jpeg() -> Vec<u8> {
    let mut exif =
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(b"GPS 52.5 13.4 secret place");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let jpeg = encoded(&red_and_blue(64, 32), ImageFormat::Jpeg);
    let (start, rest) = jpeg.split_at(2);
    [start, b"\xff\xe1", &length, &exif, rest].concat()
}

#[test]
fn it_is_upright_and_says_nothing_of_where_it_was_taken() {
    let file = turned_jpeg();
    let picture = picture(&file, &Limits::default()).unwrap();
    assert_eq!((picture.image.width, picture.image.height), (32, 64));
    let again = image::load_from_memory(&picture.image.bytes)
        .unwrap()
        .to_rgb8();
    assert!(again.get_pixel(16, 8).0[0] > 200, "what was left is on top");
    assert!(again.get_pixel(16, 56).0[2] > 200);
    for made in [&picture.image, &picture.thumb] {
        let has = |word: &[u8]| made.bytes.windows(word.len()).any(|part| part == word);
        assert!(!has(b"secret") && !has(b"Exif"));
    }
}

#[test]
fn a_large_image_is_made_smaller() {
    let file = encoded(&red_and_blue(3_000, 30), ImageFormat::Png);
    let picture = picture(&file, &Limits::default()).unwrap();
    assert_eq!((picture.image.width, picture.image.height), (2_048, 20));
}

#[test]
fn a_tiny_file_with_huge_pixels_is_refused_before_they_are_made() {
    let file = encoded(&red_and_blue(8_000, 6_000), ImageFormat::Png);
    assert!(file.len() < 1 << 20);
    let refused = picture(&file, &Limits::default()).unwrap_err();
    assert_eq!(refused.code(), "file_too_large");
    assert!(refused.to_string().contains("8000 x 6000"), "{refused}");
}

#[test]
fn a_header_that_lies_costs_nothing() {
    // Claims 60,000 x 60,000 pixels and holds none.
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0".to_vec();
    let sum = crc(file.get(12..).unwrap());
    file.extend_from_slice(&sum.to_be_bytes());
    file.extend_from_slice(b"\0\0\0\x04IDAT\0\0\0\0\0\0\0\0");
    assert!(picture(&file, &Limits::default()).is_err());
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

#[test]
fn cut_files_are_refused() {
    for format in [ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
        let whole = encoded(&red_and_blue(40, 40), format);
        for end in (0..whole.len() / 2).step_by(7) {
            let cut = whole.get(..end).unwrap();
            assert!(
                picture(cut, &Limits::default()).is_err(),
                "{format:?} {end}"
            );
        }
    }
}
