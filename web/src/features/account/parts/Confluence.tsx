const width = 720;
const height = 840;
const meetingY = 560;
const lines = 9;

/** One strand: far apart at the top, drawn in by the others, straight on as one river. */
function strand(index: number, side: 1 | -1): string {
  const middle = width / 2;
  const top = middle + side * (96 + index * 28);
  const river = middle + side * (4 + index * 5);
  return `M ${top} -20 C ${top} 300, ${river} ${meetingY - 300}, ${river} ${meetingY} V ${height + 20}`;
}

/** The name as a picture: sangam is where rivers meet. */
export function Confluence({ className }: { className?: string }) {
  const strands = Array.from({ length: lines }, (_, index) => index);
  return (
    <svg aria-hidden viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="xMidYMid slice" className={className}>
      <g fill="none" strokeWidth="1.5" strokeLinecap="round">
        {strands.map((index) => (
          <path key={`left-${index}`} d={strand(index, -1)} className="stroke-accent" opacity={1 - index * 0.085} />
        ))}
        {strands.map((index) => (
          <path key={`right-${index}`} d={strand(index, 1)} className="stroke-foreground" opacity={0.62 - index * 0.055} />
        ))}
      </g>
      <circle cx={width / 2} cy={meetingY - 40} r="7" className="fill-marigold" />
    </svg>
  );
}
